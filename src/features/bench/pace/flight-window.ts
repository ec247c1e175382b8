import { epochMicroseconds } from '../../../connection/clock.ts'
import type { Flight } from './flight.ts'

/** So much of the broker's work lies before it, beyond the way there and back: it is never idle, and never far behind. */
const workAheadMs = 50
const firstLimit = 100
const leastLimit = 20
const mostLimit = 1_000_000
/** Another thread says nothing when it makes room; in this one every read is followed by a sample. */
const sampleMs = 1
const lookAloneMs = 20
/** After this long without an arrival what is on its way is awaited no more: it was lost, or its subscriber is away. */
const patienceMs = 500

interface FlightWindowOptions {
  /** The one thread that finds out how much; a limit of the user's own stays. */
  readonly learns: boolean
  /** There is no other thread. */
  readonly isAlone: boolean
  readonly limit?: number | undefined
}

interface Mark {
  readonly owed: number
  readonly settled: number
  readonly atMicroseconds: number
}

/**
 * Closed loop by what arrives: bounds what is on its way, so that the rate is the broker's and not the size of buffers.
 * How much it takes is learned: so much that the broker has work for a moment more than a message's way takes.
 */
export class FlightWindow {
  readonly #flight: Flight
  readonly #learns: boolean
  readonly #sampleMs: number
  #waiting: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #mark: Mark | undefined
  #fastestMs = Number.POSITIVE_INFINITY
  #settled = 0
  #movedAtMicroseconds = 0

  constructor(flight: Flight, { learns, isAlone, limit }: FlightWindowOptions) {
    this.#flight = flight
    this.#sampleMs = isAlone ? lookAloneMs : sampleMs
    this.#learns = learns && limit === undefined
    if (learns || limit !== undefined) flight.limit = limit ?? firstLimit
  }

  /** How many more may leave now. */
  get room(): number {
    return this.#flight.limit - this.#flight.awaited
  }

  /** Calls back once when there is room. */
  wait(resume: () => void): void {
    if (this.#waiting.length === 0) this.#begin(epochMicroseconds())
    this.#waiting.push(resume)
    this.#timer ??= setInterval(() => this.sample(), this.#sampleMs)
  }

  #begin(now: number): void {
    const { owedInAll: owed, settledInAll: settled } = this.#flight
    this.#movedAtMicroseconds = now
    if (this.#learns) this.#mark ??= { owed, settled, atMicroseconds: now }
  }

  /** Something may have come. */
  sample(): void {
    const now = epochMicroseconds()
    this.#learn(now)
    if (this.#waiting.length > 0) this.#wake(now)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#waiting = []
  }

  /** At half: one write with many messages costs less than many with one. */
  #wake(now: number): void {
    const flight = this.#flight
    if (flight.awaited < 0) flight.writeOff() // what was given up came after all
    const settled = flight.settledInAll
    if (settled !== this.#settled) this.#movedAtMicroseconds = now
    this.#settled = settled
    if (now - this.#movedAtMicroseconds > patienceMs * 1000) flight.writeOff()
    if (flight.awaited > flight.limit / 2) return
    const waiting = this.#waiting
    this.#waiting = []
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const resume of waiting) resume()
  }

  /** When all that was on its way at the mark has come: how long that took, and the rate meanwhile. */
  #learn(now: number): void {
    const mark = this.#mark
    const settled = this.#flight.settledInAll
    if (mark === undefined || ((settled - mark.owed) | 0) < 0) return
    const elapsedMs = Math.max(0.001, (now - mark.atMicroseconds) / 1000)
    this.#fastestMs = Math.min(this.#fastestMs, elapsedMs)
    this.#adapt(((settled - mark.settled) | 0) / elapsedMs)
    this.#mark = undefined
  }

  #adapt(perMs: number): void {
    const wanted = perMs * (2 * this.#fastestMs + workAheadMs)
    const limit = Math.min(wanted, 2 * this.#flight.limit, mostLimit)
    this.#flight.limit = Math.max(leastLimit, Math.round(limit))
  }
}
