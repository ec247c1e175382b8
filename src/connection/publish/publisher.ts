import { OutboundWindow, Outcome, type Pending } from '../../protocol/session/outbound-window.ts'
import { publishProblem, type ServerLimits } from '../../protocol/session/server-limits.ts'
import { largestPacketBytes } from '../../protocol/wire/frame-splitter.ts'
import type { Packet, ProtocolVersion, QoS } from '../../protocol/wire/packet.ts'
import { PublishEncoder, type PublishTemplate } from '../../protocol/wire/publish-encoder.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import { lowestRequestId } from '../driver/session-driver.ts'
import type { AcknowledgementType } from '../link/gate.ts'
import { type Outbox, payloadAlone } from '../link/outbox.ts'
import { unused } from '../link/unused-identifier.ts'
import { notAccepted, wrongType } from './publish-refusals.ts'
import { KeptPublishes } from './unacked-publishes.ts'

const pubrelByte = 0x62
const dupFlag = 0x08

interface PublisherHooks {
  /** There is room again: publish on. */
  ready(): void
  /** A QoS 1 or 2 message found its end: confirmed, or refused with a reason code. */
  settled(ordinal: number, refusedWith: number | undefined, packet?: Packet): void
}

/** No window is larger unless somebody asks for it. */
export const largestDefaultInflight = 1000
/** Packet identifiers 1 to this are for publishes. */
export const highestPublishId = lowestRequestId - 1

/** A payload larger than this is not copied where it may be kept. */
const inPlaceBytes = 1024 * 1024

/** What `publish` did with a message. */
export type Publishing = 'taken' | 'wait' | 'tooLarge'

/**
 * The outbound half of the data plane: our own publishes, from bytes to bytes. Keeps each QoS 1 and 2 message until it
 * is acknowledged, over reconnects: sent again with DUP when the session was kept, published anew when it was lost.
 * It owns no socket and no time: an outbox takes its bytes, and the link says what was acknowledged. `publish` runs once
 * for every message, and makes nothing there that it can make once for each connection. Begin with `attach`.
 */
export class Publisher {
  readonly window: OutboundWindow
  readonly #hooks: PublisherHooks
  #template: PublishTemplate
  /** Every unacknowledged PUBLISH. */
  readonly #kept: KeptPublishes
  readonly #inflightMaximum: number | undefined
  #encoder: PublishEncoder | undefined
  #outbox: Outbox | undefined
  #limits: ServerLimits | undefined
  #version: ProtocolVersion = 5
  #again: Pending[] = []
  #isWaiting = false

  /** `highestId`: packet identifiers 1 to this are used. A thousand publishers need small tables more than many numbers. */
  constructor(
    template: PublishTemplate,
    inflightMaximum: number | undefined,
    hooks: PublisherHooks,
    highestId = template.qos === 0 ? 0 : highestPublishId,
  ) {
    this.#template = template
    this.#inflightMaximum = inflightMaximum
    this.#hooks = hooks
    this.window = new OutboundWindow(highestId, 1)
    this.#kept = new KeptPublishes(highestId)
  }

  /**
   * A network connection is there. Throws kind 'refused' for what this server does not take, before any of it is sent.
   * `sessionKept`: what is unacknowledged is sent again [MQTT-4.4.0-1], else published anew.
   */
  attach(outbox: Outbox, version: ProtocolVersion, limits: ServerLimits, sessionKept: boolean): void {
    this.#encoder = new PublishEncoder(this.#template, version)
    this.#checkTemplate(this.#encoder, limits)
    this.#again = sessionKept ? this.window.pending() : this.#startOver()
    this.#checkAgain(limits)
    this.#outbox = outbox
    this.#limits = limits
    this.#version = version
    this.window.limit = Math.min(this.#inflightMaximum ?? defaultInflight(version), limits.receiveMaximum)
    this.#sendAgain()
    outbox.flush()
    this.#sayReady()
  }

  /** QoS, retain and topic alias are the same for every message: refused once, before any of them is sent. */
  #checkTemplate(encoder: PublishEncoder, limits: ServerLimits): void {
    this.#check(limits, encoder.packetBytes(0))
  }

  /** What went out to an earlier connection must fit this one too [MQTT-3.2.2-15]. */
  #checkAgain(limits: ServerLimits): void {
    for (const { packetId, send } of this.#again) {
      if (send !== 'pubrel') this.#check(limits, this.#bytesOf(packetId))
    }
  }

  #bytesOf(packetId: number): number {
    const payload = this.#kept.payloadOf(packetId)
    if (payload === undefined) return this.#kept.packetBytesOf(packetId)
    return this.#encoder?.packetBytes(payload.length) ?? 0
  }

  #check(limits: ServerLimits, packetBytes: number): void {
    const { qos, retain, properties } = this.#template
    const problem = publishProblem(limits, { qos, retain, packetBytes, topicAlias: properties.topicAlias })
    if (problem !== undefined) throw notAccepted(problem)
  }

  detach(): void {
    this.#outbox = undefined
  }

  /**
   * Takes `payload[start, end)` into the outbox. `wait`: no room in the window or on the network; `ready` says when.
   * The payload is copied, or, with `mayKeep`, may be kept until the message is settled. Call `flush` after a run of messages.
   */
  publish(payload: Buffer, start: number, end: number, ordinal: number, mayKeep = false): Publishing {
    const packetBytes = this.#packetBytesNow(end - start)
    if (typeof packetBytes === 'string') return packetBytes
    if (mayKeep && end - start > inPlaceBytes) this.#publishInPlace(payload.subarray(start, end), ordinal)
    else this.#encode(packetBytes, payload, start, end, ordinal)
    return 'taken'
  }

  /**
   * Takes a message whose payload is `payload`, always the same, but for bytes that the caller writes at once into `bytes`:
   * gives where the payload begins there, or -1 for one that is not taken. Memory that is used again has packets of this kind in it
   * already, and nothing is copied: 0.06 µs less a message.
   */
  publishLike(payload: Buffer, length: number, ordinal: number): number {
    const packetBytes = this.#packetBytesNow(length)
    if (typeof packetBytes === 'string') return -1
    const outbox = this.#outbox!
    const encoder = this.#encoder!
    outbox.reserve(packetBytes)
    const { chunk, length: at } = outbox
    const end = at + packetBytes
    const isLike = chunk.like === encoder && chunk.likeBytes === packetBytes
    if (isLike && end <= chunk.likeTo) {
      const packetId = encoder.qos === 0 ? 0 : this.window.begin(encoder.qos, ordinal)
      encoder.renumber(chunk.bytes, end - length, packetId)
      outbox.length = end
      if (packetId !== 0) this.#kept.keep(packetId, chunk, at, end)
      return end - length
    }
    this.#encode(packetBytes, payload, 0, length, ordinal)
    if (isLike || at === 0) {
      chunk.like = encoder
      chunk.likeBytes = packetBytes
      chunk.likeTo = end
    }
    return end - length
  }

  /** What `publishLike` writes into. */
  get bytes(): Buffer {
    return this.#outbox!.chunk.bytes
  }

  #publishInPlace(payload: Buffer, ordinal: number): void {
    const outbox = this.#outbox!
    const encoder = this.#encoder!
    const packetId = encoder.qos === 0 ? 0 : this.window.begin(encoder.qos, ordinal)
    if (packetId !== 0) this.#kept.keep(packetId, payloadAlone(payload), 0, payload.length)
    this.#sendInPlace(outbox, encoder, packetId, payload, false)
  }

  #sendInPlace(outbox: Outbox, encoder: PublishEncoder, packetId: number, payload: Buffer, isDup: boolean): void {
    outbox.reserve(encoder.packetBytes(payload.length) - payload.length)
    const at = outbox.length
    outbox.length = encoder.encodeHeader(outbox.chunk.bytes, at, packetId, payload.length)
    outbox.chunk.like = undefined
    if (isDup) outbox.chunk.bytes[at]! |= dupFlag
    outbox.writeInPlace(payload)
  }

  /** What is published from now on goes to this topic; what is in flight stays as it is. */
  set topic(topic: string) {
    this.#template = { ...this.#template, topic }
    if (this.#encoder !== undefined) this.#encoder = new PublishEncoder(this.#template, this.#version)
  }

  /** A user property of every message, to be written over in place, in what is published from then on. */
  userPropertyValue(name: string): Buffer | undefined {
    return this.#encoder?.userPropertyValue(name)
  }

  /** Whether the server takes packets with a payload of this size [MQTT-3.2.2-15]. */
  takes(payloadBytes: number): boolean {
    const maximum = this.#limits?.maximumPacketSize
    return maximum === undefined || this.#encoder === undefined || this.#encoder.packetBytes(payloadBytes) <= maximum
  }

  get qos(): QoS {
    return this.#template.qos
  }

  /** The same of the QoS; what began at QoS 0 has no window for more. */
  set qos(qos: QoS) {
    this.#template = { ...this.#template, qos }
    if (this.#encoder !== undefined) this.#encoder = new PublishEncoder(this.#template, this.#version)
  }

  /** The version of the connection in force, or of the last one. */
  get version(): ProtocolVersion {
    return this.#version
  }

  flush(): void {
    this.#outbox?.flush()
  }

  /** An acknowledgement of a publish of ours passed the gate. */
  acknowledged(
    type: AcknowledgementType,
    packetId: number,
    reasonCode: number,
    packet?: Packet,
  ): Violation | typeof unused | undefined {
    const ordinal = this.window.ordinalOf(packetId)
    const outcome = this.#apply(type, packetId, reasonCode)
    if (outcome === Outcome.release) this.#sendPubrel(packetId)
    else if (outcome === Outcome.unknown) return unused
    else if (outcome === Outcome.wrongType) return wrongType(type, packetId, this.#template.qos, this.#version)
    else {
      this.#forget(packetId)
      this.#hooks.settled(ordinal, outcome === Outcome.refused ? reasonCode : undefined, packet)
    }
    return undefined
  }

  /** One read was handled: what it made possible goes out together. */
  readEnd(): void {
    this.#sendAgain()
    this.#sayReady()
    this.flush()
  }

  /** The kernel takes bytes again. */
  drained(): void {
    this.#sayReady()
    this.flush()
  }

  /** How large the packet is, or why there is none now. */
  #packetBytesNow(payloadBytes: number): number | 'wait' | 'tooLarge' {
    const outbox = this.#outbox
    const encoder = this.#encoder
    if (outbox === undefined || encoder === undefined || outbox.congested || this.#again.length > 0) return this.#wait()
    if (encoder.qos !== 0 && this.window.isFull) return this.#wait() // [MQTT-4.9.0-2]
    const packetBytes = encoder.packetBytes(payloadBytes)
    return packetBytes > (this.#limits?.maximumPacketSize ?? largestPacketBytes) ? 'tooLarge' : packetBytes // [MQTT-3.2.2-15]
  }

  #encode(packetBytes: number, payload: Buffer, start: number, end: number, ordinal: number): void {
    const outbox = this.#outbox!
    const encoder = this.#encoder!
    outbox.reserve(packetBytes)
    const at = outbox.length
    const packetId = encoder.qos === 0 ? 0 : this.window.begin(encoder.qos, ordinal)
    outbox.chunk.like = undefined
    outbox.length = encoder.encode(outbox.chunk.bytes, at, packetId, payload, start, end)
    if (packetId !== 0) this.#kept.keep(packetId, outbox.chunk, at, outbox.length)
  }

  #apply(type: AcknowledgementType, packetId: number, reasonCode: number): Outcome {
    if (type === 'puback') return this.window.puback(packetId, reasonCode)
    if (type === 'pubrec') return this.window.pubrec(packetId, reasonCode)
    return this.window.pubcomp(packetId)
  }

  #wait(): 'wait' {
    this.#isWaiting = true
    return 'wait'
  }

  #sayReady(): void {
    const outbox = this.#outbox
    if (!this.#isWaiting || outbox === undefined || outbox.congested || this.#again.length > 0) return
    if (this.#template.qos !== 0 && this.window.isFull) return
    this.#isWaiting = false
    this.#hooks.ready()
  }

  /** A chunk of an earlier connection serves the present outbox as well as its own. */
  #forget(packetId: number): void {
    const chunk = this.#kept.forget(packetId)
    if (chunk !== undefined) this.#outbox?.release(chunk)
  }

  /** The server knows nothing of us any more: every unacknowledged message is a new publish. */
  #startOver(): Pending[] {
    const qos = this.#template.qos
    if (qos === 0) return []
    return this.window.startOver(qos).map((packetId) => ({ packetId, send: 'anew' }))
  }

  /** As many of the old ones as the window has room for; those not sent yet on this connection do not count in it. */
  #sendAgain(): void {
    const outbox = this.#outbox
    while (outbox !== undefined && this.#again.length > 0) {
      if (this.window.size - this.#again.length >= this.window.limit) return
      const next = this.#again.shift() as Pending
      if (next.send === 'pubrel') this.#sendPubrel(next.packetId)
      else this.#sendPublishAgain(outbox, next.packetId, next.send === 'publish')
    }
  }

  #sendPublishAgain(outbox: Outbox, packetId: number, isDup: boolean): void {
    const payload = this.#kept.payloadOf(packetId)
    const packet = payload === undefined ? this.#kept.packetOf(packetId, isDup) : undefined
    if (payload !== undefined) this.#sendInPlace(outbox, this.#encoder!, packetId, payload, isDup)
    else if (packet !== undefined) outbox.append(packet)
  }

  #sendPubrel(packetId: number): void {
    this.#outbox?.appendAcknowledgement(pubrelByte, packetId)
  }
}

/**
 * At MQTT 5 the server says how many it takes, and this is the bound: at QoS 1 more brings nothing, and at QoS 2
 * mosquitto looks through all of them for each, so 5,000 take twice the time of 1,000, and 65,435 five times
 * (docs/performance.md). Below MQTT 5 nobody says, and 20 is what mosquitto's clients have.
 */
function defaultInflight(version: ProtocolVersion): number {
  return version === 5 ? largestDefaultInflight : 20
}
