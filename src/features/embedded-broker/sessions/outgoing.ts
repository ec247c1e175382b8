import { isFailure } from '../../../protocol/reason-code.ts'
import type { Acknowledgement, QoS } from '../../../protocol/wire/packet.ts'
import type { MemoryBudget } from '../memory/memory-budget.ts'
import type { Message } from '../routing/message.ts'

/** A message on its way to a client: what of it is this client's own. */
export interface Held {
  readonly message: Message
  readonly qos: QoS
  readonly retain: boolean
  /** Subscription Identifiers. */
  readonly identifiers: readonly number[]
  /** Absent at QoS 0, and while it waits. */
  packetId?: number
  sentBefore: boolean
}

type AcknowledgementOutcome = 'confirmed' | 'release' | 'unknown' | 'wrong type'

const highestPacketId = 65_535

/** In memory: the object, its place in the queue, and later in the table of what is in flight. */
const overheadBytes = 200

/** Messages to one client: those that wait, in order, and those that it has not acknowledged. */
export class Outgoing {
  readonly #budget: MemoryBudget
  /** Empty before `#head`: what was sent is not kept alive. */
  #queue: (Held | undefined)[] = []
  #head = 0
  #bytes = 0
  /** In the order in which they were sent. */
  readonly #published = new Map<number, Held>()
  /** PUBREC came: only PUBREL may follow [MQTT-4.3.3-6]. */
  readonly #released = new Set<number>()
  #lastPacketId = 0

  constructor(budget: MemoryBudget) {
    this.#budget = budget
  }

  get waiting(): number {
    return this.#queue.length - this.#head
  }

  /** Of all that is held for the client, messages shared with others counted in full. */
  get bytes(): number {
    return this.#bytes
  }

  push(held: Held): void {
    this.#count(held, 1)
    this.#queue.push(held)
  }

  /** The next message to send, unless that would be more than `limit` unacknowledged ones [MQTT-3.3.4-9]. */
  next(limit: number): Held | undefined {
    const held = this.#queue[this.#head]
    if (held === undefined) return undefined
    if (held.qos === 0) this.#count(held, -1)
    else {
      if (this.#published.size + this.#released.size >= limit) return undefined
      held.packetId ??= this.#freePacketId()
      this.#published.set(held.packetId, held)
    }
    this.#takeHead()
    return held
  }

  /**
   * A new connection for an old session. Messages that were sent and not acknowledged come first again, under their
   * packet identifiers and with DUP; returned are the identifiers for which only PUBREL is due [MQTT-4.4.0-1].
   */
  restart(): readonly number[] {
    const again = [...this.#published.values()]
    for (const held of again) held.sentBefore = true
    this.#published.clear()
    const waiting = this.#waitingOnes()
    for (const held of waiting) if (held.qos === 0) this.#count(held, -1)
    this.#queue = [...again, ...waiting.filter((held) => held.qos > 0)]
    this.#head = 0
    return [...this.#released]
  }

  acknowledge({ type, packetId, reasonCode }: Acknowledgement): AcknowledgementOutcome {
    if (this.#released.has(packetId)) return this.#acknowledgeReleased(type, packetId)
    const held = this.#published.get(packetId)
    if (held === undefined) return 'unknown'
    const expected = held.qos === 1 ? 'puback' : 'pubrec'
    if (type !== expected) return 'wrong type'
    this.forget(packetId)
    if (type === 'puback' || isFailure(reasonCode)) return 'confirmed' // refused: nobody else gets it [MQTT-4.8.2-6]
    this.#released.add(packetId)
    return 'release'
  }

  /** The message will not be acknowledged: it was never sent. */
  forget(packetId: number): void {
    const held = this.#published.get(packetId)
    if (held === undefined) return
    this.#published.delete(packetId)
    this.#count(held, -1)
  }

  /** The session is over. */
  clear(): void {
    for (const held of this.#published.values()) this.#count(held, -1)
    for (const held of this.#waitingOnes()) this.#count(held, -1)
    this.#published.clear()
    this.#queue = []
    this.#head = 0
  }

  #count({ message, identifiers }: Held, sign: 1 | -1): void {
    const own = overheadBytes + identifiers.length * 8
    if (sign === 1) message.hold(this.#budget)
    else message.release(this.#budget)
    this.#budget.take(sign * own)
    this.#bytes += sign * (own + message.bytes)
  }

  #acknowledgeReleased(type: Acknowledgement['type'], packetId: number): AcknowledgementOutcome {
    if (type === 'pubrec') return 'release' // it asks again
    if (type !== 'pubcomp') return 'wrong type'
    this.#released.delete(packetId)
    return 'confirmed'
  }

  /** One that no message in flight or about to go out again has [MQTT-2.2.1-4]. */
  #freePacketId(): number {
    do this.#lastPacketId = (this.#lastPacketId % highestPacketId) + 1
    while (this.#isTaken(this.#lastPacketId))
    return this.#lastPacketId
  }

  #isTaken(packetId: number): boolean {
    return this.#published.has(packetId) || this.#released.has(packetId) || this.#waitsToGoAgain(packetId)
  }

  /** Only the head of the queue, up to the first message without an identifier, was sent before. */
  #waitsToGoAgain(packetId: number): boolean {
    for (let index = this.#head; this.#queue[index]?.packetId !== undefined; index++) {
      if (this.#queue[index]?.packetId === packetId) return true
    }
    return false
  }

  #waitingOnes(): readonly Held[] {
    return this.#queue.slice(this.#head) as readonly Held[]
  }

  #takeHead(): void {
    this.#queue[this.#head++] = undefined
    if (this.#head < 512 || this.#head * 2 < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }
}
