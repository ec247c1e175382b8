import type { Transport } from '../../../connection/transport/transport.ts'

/** `full`: the other side does not take it. `queued`: too much waits for its delay. `behind`: too much waits to be shown. */
type HoldReason = 'full' | 'queued' | 'behind'

/** Holds the reading of one transport back for as long as anybody has a reason to. */
export class ReadThrottle {
  readonly #transport: Transport
  readonly #reasons = new Set<HoldReason>()

  constructor(transport: Transport) {
    this.#transport = transport
  }

  hold(reason: HoldReason): void {
    if (this.#reasons.size === 0) this.#transport.pause()
    this.#reasons.add(reason)
  }

  release(reason: HoldReason): void {
    if (this.#reasons.delete(reason) && this.#reasons.size === 0) this.#transport.resume()
  }
}
