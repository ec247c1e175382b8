/** Wakes who waits for something new. Of several that wait each is woken. */
export class SomethingNew {
  readonly #signal: AbortSignal
  readonly #waiting = new Set<() => void>()

  /** `signal`: the user's wish to stop, which is new too. */
  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  tell(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** Until it comes, for so long at most. */
  wait(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#signal.removeEventListener('abort', wake)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, limitMs)
      this.#signal.addEventListener('abort', wake, { once: true })
      this.#waiting.add(wake)
    })
  }
}
