/** Milliseconds to sleep, the longest first: the longest that costs no rate saves most. */
const naps = [0.8, 0.4, 0.2, 0.1] as const
/** A nap that does not bring this much more in one wake-up is not worth it. */
const worthwhileGain = 1.5
/** Of the rate without naps: below it somebody waits for us. */
const leastRate = 0.92
/** Far below: one look is enough. */
const hopelessRate = 0.6
/** How long each side of a comparison lasts, at least; shorter ones tell more of the scheduler than of the peer. */
const periodMs = 4
/** And as long as so many of its longest gaps: a window goes out in a burst, and one burst more or less is no rate. */
const gapsInPeriod = 10
const fewestWakeUps = 8
/** Pairs of periods, one with naps and one without, before a nap is taken into use. */
const pairsOfTrial = 3
/** A nap in use is compared again after so many periods. */
const periodsBetweenChecks = 48
/** After a trial in which no nap was worth it, the next one waits: twice as long each time. */
const firstRestMs = 100
const longestRestMs = 3200

/** What came, in how many wake-ups and in what time. */
class Tally {
  bytes = 0
  wakeUps = 0
  ms = 0
  longestGapMs = 0

  count(bytes: number, gapMs: number): void {
    this.bytes += bytes
    this.wakeUps += 1
    this.ms += gapMs
    this.longestGapMs = Math.max(this.longestGapMs, gapMs)
  }

  /** It says something of the peer. */
  get isLong(): boolean {
    return this.wakeUps >= fewestWakeUps && this.ms >= Math.max(periodMs, this.longestGapMs * gapsInPeriod)
  }

  add({ bytes, wakeUps, ms }: Tally): void {
    this.bytes += bytes
    this.wakeUps += wakeUps
    this.ms += ms
  }

  clear(): void {
    this.bytes = 0
    this.wakeUps = 0
    this.ms = 0
    this.longestGapMs = 0
  }

  get rate(): number {
    return this.bytes / this.ms
  }

  get bytesEach(): number {
    return this.bytes / this.wakeUps
  }
}

type State =
  /** No nap was worth it: read at once until the rest is over. */
  | { readonly name: 'resting'; readonly untilMs: number }
  /** Periods with and without a nap take turns. */
  | { readonly name: 'trying'; readonly level: number; readonly pair: number; readonly sleeps: boolean }
  | { readonly name: 'using'; readonly level: number; readonly periodsLeft: number }

/**
 * Decides whether to sleep between reads, by what it does: it must bring more bytes in a wake-up, and the rate must be
 * what it is without. A peer that waits for our answers before it sends on is found by that, whatever its window is.
 */
export class GatheringJudge {
  #state: State = { name: 'trying', level: 0, pair: 0, sleeps: false }
  #restMs = firstRestMs
  readonly #period = new Tally()
  readonly #without = new Tally()
  readonly #with = new Tally()

  /** A wake-up brought `bytes`, so long after the one before. Gives how long to sleep before the next. */
  wokeUp(bytes: number, sinceLastMs: number, nowMs: number): number {
    this.#period.count(bytes, sinceLastMs)
    if (this.#period.isLong) this.#periodEnds(nowMs)
    return this.#napMs
  }

  /** The stream was interrupted: what was counted of this period says nothing. */
  interrupted(): void {
    this.#period.clear()
  }

  get #napMs(): number {
    const state = this.#state
    if (state.name === 'resting' || (state.name === 'trying' && !state.sleeps)) return 0
    return naps[state.level] as number
  }

  #periodEnds(nowMs: number): void {
    const state = this.#state
    if (state.name === 'resting') this.#rested(state.untilMs, nowMs)
    else if (state.name === 'using') this.#used(state)
    else this.#tried(state, nowMs)
    this.#period.clear()
  }

  #rested(untilMs: number, nowMs: number): void {
    if (nowMs >= untilMs) this.#try(0)
  }

  #used({ level, periodsLeft }: Extract<State, { name: 'using' }>): void {
    if (periodsLeft > 0) this.#state = { name: 'using', level, periodsLeft: periodsLeft - 1 }
    else this.#try(level)
  }

  #try(level: number): void {
    this.#without.clear()
    this.#with.clear()
    this.#state = { name: 'trying', level, pair: 0, sleeps: false }
  }

  #tried(state: Extract<State, { name: 'trying' }>, nowMs: number): void {
    const { level, pair, sleeps } = state
    if (!sleeps) {
      this.#without.add(this.#period)
      this.#state = { ...state, sleeps: true }
      return
    }
    this.#with.add(this.#period)
    if (!this.#isWorthIt(pair === 0 ? hopelessRate : leastRate)) this.#tryShorter(level, nowMs)
    else if (pair + 1 < pairsOfTrial) this.#state = { name: 'trying', level, pair: pair + 1, sleeps: false }
    else this.#use(level)
  }

  #isWorthIt(least: number): boolean {
    const gained = this.#with.bytesEach >= this.#without.bytesEach * worthwhileGain
    return gained && this.#with.rate >= this.#without.rate * least
  }

  #tryShorter(level: number, nowMs: number): void {
    const gained = this.#with.bytesEach >= this.#without.bytesEach * worthwhileGain
    // Where a long nap brings no more than none, the peer has sent all that it will: a short one brings no more either.
    if (gained && level + 1 < naps.length) this.#try(level + 1)
    else {
      this.#state = { name: 'resting', untilMs: nowMs + this.#restMs }
      this.#restMs = Math.min(this.#restMs * 2, longestRestMs)
    }
  }

  #use(level: number): void {
    this.#restMs = firstRestMs
    this.#state = { name: 'using', level, periodsLeft: periodsBetweenChecks }
  }
}
