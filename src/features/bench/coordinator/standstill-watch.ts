import type { Debts, Standstill } from '../events.ts'

/** Nothing for so long is no pause of a load: somebody stands still. */
const shortestMicroseconds = 1_000_000

interface Look {
  readonly atMicroseconds: number
  /** Grows whenever the broker does anything for us. */
  readonly served: number
  /** Grows with everything that we send. */
  readonly sent: number
  readonly debts: Debts
  /** We could send, and should. */
  readonly isSending: boolean
}

/** Finds the longest time while measuring in which nothing moved though somebody owed something. */
export class StandstillWatch {
  longest: Standstill | undefined
  /** When that ended, microseconds since the epoch. */
  longestEndMicroseconds = 0
  #served = -1
  #sent = -1
  #sinceMicroseconds = 0

  sample({ atMicroseconds, served, sent, debts, isSending }: Look): void {
    const owes = Object.values(debts).some((each: number) => each > 0)
    const isMoving = served !== this.#served || (!owes && (sent !== this.#sent || !isSending))
    this.#served = served
    this.#sent = sent
    if (isMoving) this.#sinceMicroseconds = atMicroseconds
    const stillMicroseconds = atMicroseconds - this.#sinceMicroseconds
    if (stillMicroseconds < shortestMicroseconds || stillMicroseconds / 1e6 <= (this.longest?.seconds ?? 0)) return
    this.longestEndMicroseconds = atMicroseconds
    this.longest = { seconds: stillMicroseconds / 1e6, owed: debts }
  }
}
