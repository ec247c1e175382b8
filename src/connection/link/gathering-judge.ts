import { ReadingTally } from './reading-tally.ts'

/** Milliseconds to sleep. The shortest is tried first, since it can do least harm. */
const naps = [0.1, 0.2, 0.4, 0.8] as const
/** A nap that does not bring this much more in one wake-up is not worth it. */
const worthwhileGain = 1.5
/** After so many wake-ups that a nap brought nothing more in it is given up: a peer that waits for each answer waits no longer. */
const enoughForNothing = 8
const nothingGained = 1.1
/** Shares of the rate without naps. Far below it one look is enough; a little below, more looks tell luck from loss. */
const hopelessRate = 0.6
const badRate = 0.8
const leastRate = 0.93
/** Pairs of periods, one without naps and one with them, that a clear answer takes, and any answer. */
const fewestPairs = 2
const mostPairs = 4
/** A nap in use is compared again after so many periods, and after twice as many each time that it was good. */
const firstCheckAfter = 48
const lastCheckAfter = 192
/** After so many good checks a longer nap has another chance. */
const checksBeforeClimb = 4
/** When no nap is worth it, the next trial waits: twice as long each time. */
const firstRestMs = 100
const longestRestMs = 3200

const none = -1

type State =
  /** No nap was worth it: read at once until the rest is over. */
  | { readonly name: 'resting'; readonly untilMs: number }
  /** Periods without and with this nap take turns. */
  | { readonly name: 'trying'; readonly level: number; readonly pair: number; readonly sleeps: boolean }
  | { readonly name: 'using'; readonly level: number; readonly periodsLeft: number }

type Verdict = 'worth it' | 'not worth it' | 'unclear'

/**
 * Decides whether to sleep between reads, and how long, by what it does: it must bring more bytes in a wake-up, and the
 * rate must be what it is without. A peer that waits for our answers before it sends on is found by that, whatever its
 * window is.
 */
export class GatheringJudge {
  #state: State = { name: 'trying', level: 0, pair: 1, sleeps: false }
  /** The longest nap that was found worth it. */
  #found = none
  #restMs = firstRestMs
  #checkAfter = firstCheckAfter
  #checksLeft = checksBeforeClimb
  readonly #period = new ReadingTally()
  readonly #without = new ReadingTally()
  readonly #with = new ReadingTally()

  /** A wake-up brought `bytes`, so long after the one before. Gives how long to sleep before the next. */
  wokeUp(bytes: number, sinceLastMs: number, nowMs: number): number {
    this.#period.count(bytes, sinceLastMs)
    if (this.#period.isLong || this.#bringsNothing) this.#periodEnds(nowMs)
    return this.#napMs
  }

  /** The stream was interrupted: what was counted of this period says nothing. */
  interrupted(): void {
    this.#period.clear()
  }

  /** What a wake-up brings tells it long before the rate does. */
  get #bringsNothing(): boolean {
    const isSleeping = this.#state.name === 'trying' && this.#state.sleeps
    if (!isSleeping || this.#period.wakeUps < enoughForNothing) return false
    return this.#period.bytesEach < this.#without.bytesEach * nothingGained
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
    this.#state = { name: 'trying', level, pair: 1, sleeps: false }
  }

  #tried(state: Extract<State, { name: 'trying' }>, nowMs: number): void {
    const { level, pair, sleeps } = state
    const side = sleeps ? this.#with : this.#without
    side.add(this.#period)
    const verdict = sleeps ? this.#verdict(pair) : 'unclear'
    if (verdict === 'worth it') this.#isWorthIt(level)
    else if (verdict === 'not worth it') this.#isNotWorthIt(level, nowMs)
    else this.#state = { name: 'trying', level, pair: sleeps ? pair + 1 : pair, sleeps: !sleeps }
  }

  #verdict(pairs: number): Verdict {
    const rate = this.#with.bytesPerMs / this.#without.bytesPerMs
    const hasGained = this.#with.bytesEach >= this.#without.bytesEach * worthwhileGain
    if (!hasGained || rate < hopelessRate) return 'not worth it'
    if (pairs < fewestPairs) return 'unclear'
    if (pairs >= mostPairs) return rate >= leastRate ? 'worth it' : 'not worth it'
    if (rate >= 1) return 'worth it'
    return rate < badRate ? 'not worth it' : 'unclear'
  }

  /** The next longer one is tried when this one is new, and now and then. */
  #isWorthIt(level: number): void {
    const isNew = level > this.#found
    this.#found = level
    this.#restMs = firstRestMs
    this.#checkAfter = isNew ? firstCheckAfter : Math.min(this.#checkAfter * 2, lastCheckAfter)
    if (!isNew) this.#checksLeft--
    if (level + 1 < naps.length && (isNew || this.#checksLeft === 0)) this.#try(level + 1)
    else this.#use(level)
    if (this.#checksLeft === 0) this.#checksLeft = checksBeforeClimb
  }

  #isNotWorthIt(level: number, nowMs: number): void {
    if (level > this.#found && this.#found !== none) this.#use(this.#found)
    else if (level > 0) this.#try(level - 1)
    else this.#rest(nowMs)
    this.#found = Math.min(this.#found, level - 1)
    this.#checkAfter = firstCheckAfter
  }

  #rest(nowMs: number): void {
    this.#state = { name: 'resting', untilMs: nowMs + this.#restMs }
    this.#restMs = Math.min(this.#restMs * 2, longestRestMs)
  }

  #use(level: number): void {
    this.#state = { name: 'using', level, periodsLeft: this.#checkAfter }
  }
}
