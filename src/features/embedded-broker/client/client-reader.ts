import { ReasonCode } from '../../../protocol/reason-code.ts'
import { decodePacket } from '../../../protocol/wire/decode-packet.ts'
import { FrameSplitter, largestReusedBytes } from '../../../protocol/wire/frame-splitter.ts'
import type { Packet } from '../../../protocol/wire/packet.ts'
import { isViolation, type Violation } from '../../../protocol/wire/violation.ts'
import type { BrokerLimits } from '../settings.ts'
import type { ClientRules } from './client-rules.ts'

export type Inbound =
  | { readonly kind: 'packet'; readonly packet: Packet; readonly bytes: number }
  /** `frame` is the packet, when there was a whole one. Nothing follows. */
  | { readonly kind: 'violation'; readonly violation: Violation; readonly frame: Buffer; readonly bytes: number }

const nothing = Buffer.alloc(0)

/** Before its CONNECT is whole a client is unknown, and gets little memory. */
const largestConnectBytes = 64 * 1024

/** Memory of a packet in the queue beside its bytes: its decoded values. */
const packetBytes = 200
const filterBytes = 200

/** Cuts and decodes what a client sends, and holds it against the rules, before anybody acts on it. */
export class ClientReader {
  readonly #rules: ClientRules
  readonly #splitter: FrameSplitter
  #isStopped = false
  #isBegun = false

  constructor(rules: ClientRules, limits: BrokerLimits) {
    this.#rules = rules
    this.#splitter = new FrameSplitter({ maximumPacketSize: limits.maximumPacketSize, sender: 'client' })
  }

  /** Bytes of a packet whose end has not come. */
  get gatheredBytes(): number {
    return this.#splitter.pendingBytes
  }

  /** Whether the client left in the middle of a packet. */
  get isInsidePacket(): boolean {
    return this.#splitter.pendingBytes > 0
  }

  read(chunk: Buffer, sink: (inbound: Inbound) => void): void {
    if (this.#isStopped) return
    // The first byte decides, before up to sixteen megabytes of what is no CONNECT are gathered.
    const unexpected = this.#isBegun ? undefined : this.#rules.checkFirst(chunk[0] ?? 0)
    this.#isBegun = true
    if (unexpected === undefined) this.#cut(chunk, sink)
    else sink(this.#stop(unexpected, nothing))
  }

  #cut(chunk: Buffer, sink: (inbound: Inbound) => void): void {
    const violation = this.#splitter.push(chunk, (bytes, start, _bodyStart, end) => {
      if (!this.#isStopped) sink(this.#inbound(ownBytes(bytes, start, end)))
    })
    if (this.#isStopped) return
    if (violation !== undefined) sink(this.#stop(violation, nothing))
    else if (!this.#rules.isConnected) this.#checkUnidentified(sink)
  }

  /** Of somebody unknown, not even a large CONNECT is gathered. */
  #checkUnidentified(sink: (inbound: Inbound) => void): void {
    const { declaredBytes = 0 } = this.#splitter.pending() ?? {}
    if (declaredBytes <= largestConnectBytes) return
    const message = `a CONNECT of ${declaredBytes} bytes was announced, and ${largestConnectBytes} is the most that is accepted`
    const violation = {
      packet: 'connect',
      offset: 1,
      rule: '[local limit]',
      reasonCode: ReasonCode.packetTooLarge,
      message,
    } as const
    sink(this.#stop(violation, this.#splitter.pendingFrame()))
  }

  /** `frame` is ours: payloads and passwords stay windows on it. */
  #inbound(frame: Buffer): Inbound {
    const packet = decodePacket(frame, 0, frame.length, { version: this.#rules.version, sender: 'client' })
    if (isViolation(packet)) return this.#stop(packet, frame)
    const broken = this.#rules.check(packet)
    if (broken !== undefined) return this.#stop(broken, frame)
    this.#splitter.version = this.#rules.version
    // An alias means what it means now: the next packet in the queue may give it to another topic.
    const decided = packet.type === 'publish' ? this.#rules.withTopic(packet) : packet
    return { kind: 'packet', packet: decided, bytes: costOf(packet, frame) }
  }

  #stop(violation: Violation, frame: Buffer): Inbound {
    this.#isStopped = true
    return { kind: 'violation', violation, frame, bytes: frame.length }
  }
}

/** A large packet lies in memory of its own already. */
function ownBytes(bytes: Buffer, start: number, end: number): Buffer {
  const window = bytes.subarray(start, end)
  return end - start > largestReusedBytes ? window : Buffer.from(window)
}

/** The memory it takes in the queue. A SUBSCRIBE of 1 MB becomes 40 MB of objects. */
function costOf(packet: Packet, frame: Buffer): number {
  const filters =
    packet.type === 'subscribe'
      ? packet.subscriptions.length
      : packet.type === 'unsubscribe'
        ? packet.filters.length
        : 0
  return frame.length + packetBytes + filters * filterBytes
}
