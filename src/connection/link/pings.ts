import type { DriverOutput } from '../driver/session-driver.ts'

interface Waiter {
  /** Which PINGREQ, from 1. */
  readonly number: number
  readonly answered: () => void
  readonly lost: (error: Error) => void
}

const pingreq = Buffer.from('c000', 'hex')

/** PINGREQs on their way, in order: a PINGRESP answers the oldest, whether anybody waits for it or not. */
export class Pings {
  readonly #output: DriverOutput
  #sent = 0
  #answered = 0
  #waiting: Waiter[] | undefined
  #failure: Error | undefined

  constructor(output: DriverOutput) {
    this.#output = output
  }

  /** For the keep alive: nobody waits. */
  send(): void {
    this.#sent++
    this.#output.send(pingreq)
  }

  /** Resolves when the peer has answered. Rejects when the connection goes first. */
  wait(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((answered, lost) => {
      this.#waiting ??= []
      this.#waiting.push({ number: this.#sent + 1, answered, lost })
      this.send()
    })
  }

  get isUnanswered(): boolean {
    return this.#answered < this.#sent
  }

  answered(): void {
    if (this.#answered === this.#sent) return // a PINGRESP to nothing
    this.#answered++
    if (this.#waiting?.[0]?.number === this.#answered) this.#waiting.shift()?.answered()
  }

  failAll(error: Error): void {
    this.#failure = error
    for (const { lost } of this.#waiting?.splice(0) ?? []) lost(error)
  }
}
