import type { Flight } from '../pace/flight.ts'

/** So many fences lie in what may be on its way: room comes back in parts, and the broker is never without work. */
const fencesInWindow = 8

interface ReadFenceParts {
  readonly flight: Flight
  /** Resolves when the broker has read all that was written before. Rejects when the connection goes first. */
  readonly ping: () => Promise<void>
  /** Publishers that share what may be on its way; 0 where the load is paced, and others say when it is due. */
  readonly publishers: number
  /** Something was read. */
  readonly read: () => void
}

/**
 * At QoS 0, where nobody of ours subscribes, nothing comes back that says how far the broker is: its PINGRESP does. It
 * reads in order, so what was written before the PINGREQ has been read [MQTT-3.12.4-1].
 */
export class ReadFence {
  readonly #parts: ReadFenceParts
  #unfenced = 0

  constructor(parts: ReadFenceParts) {
    this.#parts = parts
  }

  /** One message more. Saturating, it counts as being on its way at once. */
  sent(): void {
    this.#unfenced++
    if (this.#parts.publishers > 0) this.#parts.flight.owe(1)
  }

  passIfDue(): void {
    const { flight, publishers } = this.#parts
    if (this.#unfenced >= flight.limit / (fencesInWindow * publishers)) this.pass()
  }

  pass(): void {
    const count = this.#unfenced
    if (count === 0) return
    this.#unfenced = 0
    const { flight, publishers, ping, read } = this.#parts
    if (publishers === 0) flight.owe(count)
    const settle = () => {
      flight.settle(count)
      read()
    }
    void ping().then(settle, settle) // with its connection went what was on its way
  }
}
