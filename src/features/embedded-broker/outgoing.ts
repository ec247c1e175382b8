import type { Acknowledgement, Publish } from '../../protocol/wire/packet.ts'

/** A message on its way to a client. */
export interface Held {
  readonly publish: Publish
  /** By our own clock; absent when it never expires. */
  readonly expiresAtMs?: number
  /** Absent at QoS 0, and while it waits. */
  packetId?: number
  sentBefore: boolean
}

export type AcknowledgementOutcome = 'confirmed' | 'release' | 'unknown' | 'wrong type'

const highestPacketId = 65_535

/** Messages to one client: those that wait, in order, and those that it has not acknowledged. */
export class Outgoing {
  #queue: Held[] = []
  #head = 0
  /** In the order in which they were sent. */
  readonly #published = new Map<number, Held>()
  /** PUBREC came: only PUBREL may follow [MQTT-4.3.3-6]. */
  readonly #released = new Set<number>()
  #lastPacketId = 0

  get waiting(): number {
    return this.#queue.length - this.#head
  }

  push(publish: Publish): void {
    const lifetime = publish.properties.messageExpiryInterval
    const expiry = lifetime === undefined ? {} : { expiresAtMs: performance.now() + lifetime * 1000 }
    this.#queue.push({ publish, sentBefore: false, ...expiry })
  }

  /** The next message to send, unless that would be more than `limit` unacknowledged ones [MQTT-3.3.4-9]. */
  next(limit: number): Held | undefined {
    const held = this.#queue[this.#head]
    if (held === undefined) return undefined
    if (held.publish.qos > 0) {
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
    const waiting = this.#queue.slice(this.#head).filter((held) => held.publish.qos > 0)
    this.#queue = [...again, ...waiting]
    this.#head = 0
    return [...this.#released]
  }

  acknowledge({ type, packetId, reasonCode }: Acknowledgement): AcknowledgementOutcome {
    if (this.#released.has(packetId)) return this.#acknowledgeReleased(type, packetId)
    const held = this.#published.get(packetId)
    if (held === undefined) return 'unknown'
    const expected = held.publish.qos === 1 ? 'puback' : 'pubrec'
    if (type !== expected) return 'wrong type'
    this.#published.delete(packetId)
    if (type === 'puback' || reasonCode >= 0x80) return 'confirmed'
    this.#released.add(packetId)
    return 'release'
  }

  /** The message will not be acknowledged: it was never sent. */
  forget(packetId: number): void {
    this.#published.delete(packetId)
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

  #takeHead(): void {
    this.#head++
    if (this.#head < 512 || this.#head * 2 < this.#queue.length) return
    this.#queue = this.#queue.slice(this.#head)
    this.#head = 0
  }
}
