import { ReasonCode } from '../../protocol/reason-code.ts'
import { Arrival, type InboundWindow } from '../../protocol/session/inbound-window.ts'
import type { InboundTopicAliases } from '../../protocol/session/topic-alias.ts'
import type { ProtocolVersion, Publish } from '../../protocol/wire/packet.ts'
import { ScannedPublish } from '../../protocol/wire/publish-scan.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import type { Outbox } from './outbox.ts'

/** Where messages go. What a sink has not written yet is not acknowledged yet. */
export interface MessageSink {
  /** One message, in place: copy what you keep. False when it is not wanted any more: then it is not acknowledged. */
  message(message: PublishView): boolean
  /** The messages of one read have all been given. Call `written` when they are safe; with a number, for so many more of them, and at last without. */
  batchEnd(written: (count?: number) => void): void
  /** How many reads may wait to be written before we stop reading; a few by default. */
  readonly readsAhead?: number
}

/** So many reads may wait to be written before we stop reading: enough to keep a pipe full, and bounded. */
const readsAhead = 4
/** After a payload of this size the next read waits until it is written: one of them in memory is enough. */
const largePayloadBytes = 1024 * 1024
const pubackByte = 0x40
const pubrecByte = 0x50
const pubcompByte = 0x70

/**
 * The inbound half of the data plane: delivers each message once, and acknowledges it when its sink has written it, in
 * the order of arrival [MQTT-4.6.0-2] [MQTT-4.6.0-3]. One for each network connection; the window outlives it.
 */
export class Receiver {
  readonly #sink: MessageSink
  readonly #window: InboundWindow
  readonly #aliases: InboundTopicAliases
  readonly #outbox: Outbox
  readonly #version: ProtocolVersion
  /** Called with true when reading has to wait for the sink. */
  readonly #hold: (isHeld: boolean) => void
  readonly #held = new ScannedPublish()
  #acknowledge: number[] = []
  #messages = 0
  #unwritten = 0
  readonly #usualReadsAhead: number
  #readsAhead: number
  #isHolding = false
  #closed = false

  constructor(parts: {
    sink: MessageSink
    window: InboundWindow
    aliases: InboundTopicAliases
    outbox: Outbox
    version: ProtocolVersion
    hold: (isHeld: boolean) => void
  }) {
    this.#sink = parts.sink
    this.#usualReadsAhead = parts.sink.readsAhead ?? readsAhead
    this.#readsAhead = this.#usualReadsAhead
    this.#window = parts.window
    this.#aliases = parts.aliases
    this.#outbox = parts.outbox
    this.#version = parts.version
    this.#hold = parts.hold
  }

  /** Messages wait to be written, and their acknowledgements for that. */
  get isOwing(): boolean {
    return this.#unwritten > 0
  }

  scannedPublish(publish: ScannedPublish): Violation | undefined {
    const { qos, packetId } = publish
    if (publish.payloadEnd - publish.payloadStart > largePayloadBytes) this.#readsAhead = 1
    if (qos !== 0) {
      const arrival = this.#window.publish(qos, packetId)
      if (arrival === Arrival.overLimit) return overReceiveMaximum()
      if (arrival === Arrival.deliver && !this.#sink.message(publish)) return undefined
      this.#acknowledge.push((qos << 16) | packetId)
    } else this.#sink.message(publish)
    this.#messages++
    return undefined
  }

  /** A PUBLISH from the strict decoder: a topic alias is put in place of its topic first. */
  decodedPublish(packet: Publish): Violation | undefined {
    const violation = this.#aliasViolation(packet)
    if (violation !== undefined) return violation
    this.#held.hold(packet, this.#topicOf(packet))
    const refusal = this.scannedPublish(this.#held)
    this.#held.release()
    return refusal
  }

  #aliasViolation({ topic, properties: { topicAlias } }: Publish): Violation | undefined {
    const problem = topicAlias === undefined ? undefined : this.#aliases.problem(topicAlias, topic.length)
    return problem === undefined ? undefined : { packet: 'publish', offset: 0, ...problem }
  }

  #topicOf({ topic, properties: { topicAlias } }: Publish): string {
    if (topicAlias === undefined) return topic
    const bytes = Buffer.from(topic)
    if (bytes.length > 0) this.#aliases.define(topicAlias, bytes, 0, bytes.length)
    return Buffer.from(this.#aliases.topicOf(topicAlias) ?? bytes).toString()
  }

  /** PUBREL: the message is complete. PUBCOMP goes out each time [MQTT-4.3.3-11]. */
  release(packetId: number): void {
    const known = this.#window.release(packetId)
    if (known || this.#version !== 5) this.#outbox.appendAcknowledgement(pubcompByte, packetId)
    else
      this.#outbox.append(
        Buffer.from([pubcompByte, 3, packetId >> 8, packetId & 0xff, ReasonCode.packetIdentifierNotFound]),
      )
  }

  /** One read was handled: its messages go to the sink as a batch. */
  readEnd(): void {
    if (this.#messages === 0 && this.#acknowledge.length === 0) return
    const acknowledge = this.#acknowledge
    if (acknowledge.length > 0) this.#acknowledge = []
    this.#messages = 0
    this.#unwritten++
    this.#sink.batchEnd((count) => this.#written(acknowledge, count))
    this.#setHolding(this.#unwritten >= this.#readsAhead)
  }

  /** The network connection is gone: what is written from now on is acknowledged by nobody. */
  close(): void {
    this.#closed = true
  }

  #written(all: number[], count: number | undefined): void {
    if (count === undefined) this.#unwritten--
    if (this.#unwritten === 0) this.#readsAhead = this.#usualReadsAhead
    if (this.#closed) return
    const acknowledge = count === undefined ? all : all.splice(0, count)
    for (const each of acknowledge) this.#acknowledgeOne(each >> 16, each & 0xffff)
    if (acknowledge.length > 0) this.#outbox.flush()
    this.#setHolding(this.#unwritten >= this.#readsAhead)
  }

  #acknowledgeOne(qos: number, packetId: number): void {
    if (qos === 1) this.#window.acknowledged(packetId)
    else this.#window.received(packetId)
    this.#outbox.appendAcknowledgement(qos === 1 ? pubackByte : pubrecByte, packetId)
  }

  #setHolding(isHolding: boolean): void {
    if (isHolding === this.#isHolding) return
    this.#isHolding = isHolding
    this.#hold(isHolding)
  }
}

function overReceiveMaximum(): Violation {
  const message = 'more unacknowledged QoS 1 and 2 messages than our Receive Maximum allows'
  return {
    packet: 'publish',
    offset: 0,
    rule: '[MQTT-3.3.4-9]',
    reasonCode: ReasonCode.receiveMaximumExceeded,
    message,
  }
}
