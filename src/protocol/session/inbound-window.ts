const free = 0
const qos1Unacknowledged = 1
const qos2Held = 2
const qos2Received = 3
/** As `qos2Received`, but from an earlier connection: not in the quota of this one. */
const qos2Kept = 4

/** What to do with an inbound QoS 1 or 2 PUBLISH. */
export const Arrival = {
  /** A message to deliver; acknowledge it once it is delivered. */
  deliver: 1,
  /** Delivered before and not released yet: PUBREC again, nothing delivered [MQTT-4.3.3-10]. */
  duplicate: 2,
  /** More unacknowledged messages than we allowed: 0x93 and close [MQTT-3.3.4-9]. */
  overLimit: 3,
} as const
export type Arrival = (typeof Arrival)[keyof typeof Arrival]

/**
 * Inbound QoS 1 and 2 messages that are not finished, by packet identifier. A QoS 2 identifier stays until PUBREL, over
 * reconnects too, and is forgotten with the session.
 */
export class InboundWindow {
  /** Counted against our Receive Maximum on this connection: QoS 1 without PUBACK, QoS 2 without PUBCOMP. */
  size = 0
  /** What we announced on this connection. */
  receiveMaximum: number
  readonly #state = new Uint8Array(65536)

  constructor(receiveMaximum: number) {
    this.receiveMaximum = receiveMaximum
  }

  publish(qos: 1 | 2, packetId: number): Arrival {
    const state = this.#state[packetId]
    if (qos === 2 && (state === qos2Held || state === qos2Received)) return Arrival.duplicate
    if (this.size >= this.receiveMaximum) return Arrival.overLimit
    if (qos === 2 && state === qos2Kept) return this.#takeUp(packetId)
    // A QoS 1 identifier that comes again is a new message [MQTT-4.3.2-5]: count it once, acknowledge it twice.
    if (state === free) this.size++
    this.#state[packetId] = qos === 1 ? qos1Unacknowledged : qos2Held
    return Arrival.deliver
  }

  /** PUBACK goes out: the identifier is the server's again. */
  acknowledged(packetId: number): void {
    if (this.#state[packetId] === qos1Unacknowledged) this.#free(packetId)
  }

  /** PUBREC goes out: the message is ours, and only PUBREL makes its identifier new again. */
  received(packetId: number): void {
    if (this.#state[packetId] === qos2Held) this.#state[packetId] = qos2Received
  }

  /** Whether PUBREL names a message that we hold. PUBCOMP is due in either case [MQTT-4.3.3-11]. */
  release(packetId: number): boolean {
    const state = this.#state[packetId]
    if (state === qos2Kept) this.#state[packetId] = free
    else if (state === qos2Held || state === qos2Received) this.#free(packetId)
    else return false
    return true
  }

  /**
   * A connection ended. Unacknowledged QoS 1 messages come again as new ones [MQTT-4.3.2-5]; QoS 2 identifiers stay
   * while the session does. The quota is a new one on each connection [MQTT5 §4.9].
   */
  connectionLost(): void {
    for (let id = 1; id < this.#state.length; id++) {
      if (this.#state[id] === qos1Unacknowledged) this.#state[id] = free
      else if (this.#state[id] !== free) this.#state[id] = qos2Kept
    }
    this.size = 0
  }

  /** The server has no session: nothing is held for it [MQTT-3.2.2-5]. */
  sessionLost(): void {
    this.#state.fill(free)
    this.size = 0
  }

  /** The server sends the PUBLISH again on this connection, and from there on it counts. */
  #takeUp(packetId: number): Arrival {
    this.#state[packetId] = qos2Received
    this.size++
    return Arrival.duplicate
  }

  #free(packetId: number): void {
    this.#state[packetId] = free
    this.size--
  }
}
