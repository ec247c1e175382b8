/** Somebody for whom bytes wait. */
export interface Holder {
  readonly waitingBytes: number
  /** Makes room: ends the connection at once. */
  onOutOfMemory(): void
}

/**
 * Bytes that wait in all connections: read and not served, written and not read. Above the limit, the connection with
 * the most of them is ended.
 */
export class UnreadBytes {
  readonly #limitBytes: number
  readonly #counted = new Map<Holder, number>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Its bytes have changed. */
  count(holder: Holder): void {
    const bytes = holder.waitingBytes
    this.#bytes += bytes - (this.#counted.get(holder) ?? 0)
    if (bytes === 0) this.#counted.delete(holder)
    else this.#counted.set(holder, bytes)
    while (this.#bytes > this.#limitBytes && this.#counted.size > 0) this.#makeRoom()
  }

  forget(holder: Holder): void {
    this.#bytes -= this.#counted.get(holder) ?? 0
    this.#counted.delete(holder)
  }

  #makeRoom(): void {
    let largest: Holder | undefined
    let most = -1
    for (const [holder, bytes] of this.#counted) {
      if (bytes <= most) continue
      largest = holder
      most = bytes
    }
    if (largest === undefined) return
    this.forget(largest)
    largest.onOutOfMemory()
  }
}
