import { isFailure } from '../reason-code.ts'
import type { QoS } from '../wire/packet.ts'

/** What an acknowledgement means for the publish it names. Numbers, since one comes back for each message on the hot path. */
export const Outcome = {
  /** The message is the peer's now: PUBACK or PUBCOMP with a reason code below 0x80. */
  confirmed: 1,
  /** Answer with PUBREL [MQTT-4.3.3-4]. */
  release: 2,
  /** PUBACK or PUBREC with 0x80 or above: done, and never sent again [MQTT-4.4.0-2]. */
  refused: 3,
  /** No publish of ours waits under this packet identifier. */
  unknown: 4,
  /** The identifier is in use, but not for a packet of this type: a protocol error. */
  wrongType: 5,
} as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

const free = 0
const awaitsPuback = 1
const awaitsPubrec = 2
const awaitsPubcomp = 3

/** A publish that a new connection has to deal with. */
export interface Pending {
  readonly packetId: number
  /**
   * `publish`: send PUBLISH again with DUP. `pubrel`: send PUBREL again, never PUBLISH [MQTT-4.3.3-6].
   * `anew`: the session is gone, and PUBLISH goes out as a new one.
   */
  readonly send: 'publish' | 'pubrel' | 'anew'
}

/**
 * Our own QoS 1 and 2 publishes in flight: packet identifiers, the state of each, and how many may be under way.
 * Holds no bytes and no clock. `ordinal` is the caller's own number for the message (a line number, say).
 */
export class OutboundWindow {
  /** In flight now; never above `limit` [MQTT-4.9.0-2]. */
  size = 0
  #limit: number
  readonly #highestId: number
  readonly #state: Uint8Array
  readonly #sequence: Float64Array
  readonly #ordinal: Float64Array
  #lastId = 0
  #nextSequence = 1

  /** `highestId`: identifiers 1 to this are ours; others may use those above. `limit`: the send quota [MQTT-4.9.0-1]. */
  constructor(highestId: number, limit: number) {
    this.#highestId = highestId
    this.#limit = Math.min(limit, highestId)
    this.#state = new Uint8Array(highestId + 1)
    this.#sequence = new Float64Array(highestId + 1)
    this.#ordinal = new Float64Array(highestId + 1)
  }

  get limit(): number {
    return this.#limit
  }

  /** A new connection may bring another Receive Maximum. What is in flight stays in flight. */
  set limit(limit: number) {
    this.#limit = Math.min(limit, this.#highestId)
  }

  get isFull(): boolean {
    return this.size >= this.#limit
  }

  /** Takes a packet identifier that is unused [MQTT-2.2.1-3]. Call only while the window is not full. */
  begin(qos: QoS, ordinal: number): number {
    let id = this.#lastId
    do id = id === this.#highestId ? 1 : id + 1
    while (this.#state[id] !== free)
    this.#lastId = id
    this.#state[id] = qos === 1 ? awaitsPuback : awaitsPubrec
    this.#sequence[id] = this.#nextSequence++
    this.#ordinal[id] = ordinal
    this.size++
    return id
  }

  has(packetId: number): boolean {
    return (this.#state[packetId] ?? free) !== free
  }

  ordinalOf(packetId: number): number {
    return this.#ordinal[packetId] ?? 0
  }

  puback(packetId: number, reasonCode: number): Outcome {
    const state = this.#state[packetId] ?? free
    if (state === free) return Outcome.unknown
    if (state !== awaitsPuback) return Outcome.wrongType
    this.#release(packetId)
    return isFailure(reasonCode) ? Outcome.refused : Outcome.confirmed
  }

  pubrec(packetId: number, reasonCode: number): Outcome {
    const state = this.#state[packetId] ?? free
    if (state === free) return Outcome.unknown
    if (state === awaitsPuback) return Outcome.wrongType
    if (isFailure(reasonCode)) {
      this.#release(packetId)
      return Outcome.refused
    }
    this.#state[packetId] = awaitsPubcomp
    return Outcome.release
  }

  pubcomp(packetId: number): Outcome {
    const state = this.#state[packetId] ?? free
    if (state === free) return Outcome.unknown
    if (state !== awaitsPubcomp) return Outcome.wrongType
    this.#release(packetId)
    return Outcome.confirmed
  }

  /** What a resumed session owes the server, in the order of first sending [MQTT-4.4.0-1] [MQTT-4.6.0-1]. */
  pending(): Pending[] {
    return this.#idsInOrder().map((packetId) => ({
      packetId,
      send: this.#state[packetId] === awaitsPubcomp ? 'pubrel' : 'publish',
    }))
  }

  /**
   * The session is gone, and with it whatever the server knew: every identifier starts afresh as a new publish, also
   * where PUBREL had been sent, since nobody can complete that handshake any more [MQTT-3.2.2-5]. Order is kept.
   */
  startOver(qos: QoS): number[] {
    const ids = this.#idsInOrder()
    for (const id of ids) this.#state[id] = qos === 1 ? awaitsPuback : awaitsPubrec
    return ids
  }

  /** The caller's numbers of what is in flight, in the order of sending. */
  ordinals(): number[] {
    return this.#idsInOrder().map((id) => this.ordinalOf(id))
  }

  #release(packetId: number): void {
    this.#state[packetId] = free
    this.size--
  }

  #idsInOrder(): number[] {
    const ids: number[] = []
    for (let id = 1; id <= this.#highestId && ids.length < this.size; id++) if (this.#state[id] !== free) ids.push(id)
    return ids.sort((a, b) => (this.#sequence[a] ?? 0) - (this.#sequence[b] ?? 0))
  }
}
