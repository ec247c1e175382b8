interface Waiter {
  readonly answered: () => void
  readonly lost: (error: Error) => void
}

const nobody: Waiter = { answered: () => {}, lost: () => {} }

/** PINGREQs on their way, in order: a PINGRESP answers the oldest, whether anybody waits for it or not. */
export class Pings {
  readonly #waiting: Waiter[] = []
  readonly #send: () => void
  #failure: Error | undefined

  constructor(send: () => void) {
    this.#send = send
  }

  /** For the keep alive: nobody waits. */
  send(): void {
    this.#waiting.push(nobody)
    this.#send()
  }

  /** Resolves when the peer has answered. Rejects when the connection goes first. */
  wait(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((answered, lost) => {
      this.#waiting.push({ answered, lost })
      this.#send()
    })
  }

  answered(): void {
    this.#waiting.shift()?.answered()
  }

  failAll(error: Error): void {
    this.#failure = error
    for (const { lost } of this.#waiting.splice(0)) lost(error)
  }
}
