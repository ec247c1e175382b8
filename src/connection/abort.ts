/** What who waits needs of an AbortSignal, which is one of these. */
export interface Abortable {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: true }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * Aborts once, as an AbortController does, for thousands of listeners that come and go. In a signal of Node's each one
 * that has left still points to the next that came, and with it to all that the next one saw: what ten thousand
 * connects leave behind then outlives every collection but a full one, 4 KB for each connection.
 */
export class Abort implements Abortable {
  #listeners: Array<() => void> = []
  #aborted = false
  #reason: unknown

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): unknown {
    return this.#reason
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener)
    if (at >= 0) this.#listeners.splice(at, 1)
  }

  abort(reason: unknown): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    for (const listener of this.#listeners.splice(0)) listener()
  }
}
