import type { JudgedStep, Judgement, SearchEnd, SearchStep } from './search-step.ts'

/** What is confirmed and what failed are no further apart than this. */
const precision = 0.05
/** A window in which the generator was the limit says nothing: it is taken again, so often at most. */
const mostTakes = 3
/** One failure on the way up may be a hiccup; two in a row are the broker. */
const failuresThatEnd = 2
/** From the start downwards by halves, no further than this part of it. */
const deepestFraction = 1 / 1024
/** After what did not hold: so much of it, until something holds. */
const retreats = [0.96, 0.92, 0.84, 0.68, 0.36, 0.1]
const mostReopenings = 5
/** What failed is looked at once more when all else is found; so often it may pass, and the search goes up again. */
const mostRaises = 2

export interface SearchPlan {
  readonly start: number
  readonly most: number
  /** Clients are whole; rates have three digits. */
  readonly isWhole: boolean
  /** Rests after what was too much, until the broker is given up. */
  readonly mostRests: number
}

type Steps = Generator<SearchStep, void, Judgement>

/**
 * Looks for the most that holds: doubles until it fails, halves the gap to 5 %, holds, confirms, and looks once more at
 * what failed. It says what to try and is told how it was; it knows neither clock nor broker.
 */
export class CeilingSearch {
  /** Rests aside, in their order. */
  readonly tried: JudgedStep[] = []
  /** The most that has held twice. */
  confirmed: number | undefined
  end: SearchEnd | undefined
  readonly #plan: SearchPlan
  /** The most that passed, and the least above it that did not. */
  #good: number | undefined
  #bad: { readonly at: number; readonly by: 'broker' | 'generator' } | undefined
  /** Short windows, until one was seen to say too much. */
  #kind: 'probe' | 'hold' = 'probe'
  #reopenings = 0
  #raises = 0

  constructor(plan: SearchPlan) {
    this.#plan = plan
  }

  *steps(): Steps {
    yield { kind: 'rest', at: this.#plan.start } // how it is when nothing is asked of it
    yield* this.#bracket()
    while (this.end === undefined) {
      yield* this.#bisect()
      yield* this.#confirm()
    }
  }

  *#bracket(): Steps {
    const { start } = this.#plan
    yield* this.#try('probe', start)
    if (this.#good === undefined) yield* this.#goDown(start)
    else yield* this.#goUp(start)
  }

  *#goUp(from: number): Steps {
    const { most } = this.#plan
    let failures = 0
    for (let at = from; at < most && failures < failuresThatEnd && this.end === undefined; ) {
      at = Math.min(at * 2, most)
      yield* this.#try(this.#kind, at)
      if (this.#bad?.by === 'generator') return
      failures = this.#good === at ? 0 : failures + 1
    }
  }

  *#goDown(from: number): Steps {
    const least = this.#plan.isWhole ? 1 : from * deepestFraction
    for (let at = from; this.#good === undefined && this.end === undefined && at / 2 >= least; ) {
      at = this.#rounded(at / 2)
      yield* this.#try('probe', at)
    }
    if (this.#good === undefined) this.#endWithout('never good')
  }

  *#bisect(): Steps {
    for (let middle = this.#middle(); middle !== undefined && this.end === undefined; middle = this.#middle()) {
      yield* this.#try(this.#kind, middle)
    }
  }

  *#confirm(): Steps {
    const at = this.#good
    if (at === undefined || this.end !== undefined) return
    for (const kind of ['hold', 'confirm'] as const) {
      if (kind === 'hold' && this.#hasHeld(at)) continue
      yield* this.#try(kind, at)
      if (this.#good !== at) return yield* this.#reopen(at)
      if (this.end !== undefined) return
    }
    this.confirmed = at
    yield* this.#lookAbove()
  }

  /** A window with a hiccup in it would make the broker look smaller than it is, and nobody would see it. */
  *#lookAbove(): Steps {
    if (this.#bad?.by !== 'broker') {
      this.end = this.#bad === undefined ? 'bound' : 'generator'
      return
    }
    const { at } = this.#bad
    if (this.#raises++ < mostRaises) yield* this.#try(this.#kind, at)
    if (this.#good !== at) this.end ??= 'found'
    else if (this.#bad === undefined) yield* this.#goUp(at)
  }

  /** What passed short windows did not hold: from here on all are long, and lower, until something holds. */
  *#reopen(failedAt: number): Steps {
    this.#kind = 'hold'
    if (this.confirmed !== undefined) this.end ??= 'found'
    else if (this.#reopenings++ === mostReopenings) this.end ??= 'not steady'
    for (const part of retreats) {
      if (this.#good !== undefined || this.end !== undefined) return
      const at = this.#lower(failedAt, part)
      if (at !== undefined) yield* this.#try('hold', at)
    }
    if (this.#good === undefined) this.#endWithout('not steady')
  }

  *#try(kind: SearchStep['kind'], at: number): Steps {
    let judgement: Judgement = 'unusable'
    for (let take = 0; judgement === 'unusable' && take < mostTakes && this.end === undefined; take++) {
      judgement = yield { kind, at }
      this.tried.push({ kind, at, judgement })
      if (judgement !== 'good') yield* this.#rest()
    }
    this.#learn(at, judgement)
  }

  /** What too much left behind in the broker must not be in the next figures. */
  *#rest(): Steps {
    for (let rest = 0; rest < this.#plan.mostRests; rest++) {
      if ((yield { kind: 'rest', at: this.#plan.start }) === 'good') return
    }
    this.end ??= 'not rested'
  }

  #learn(at: number, judgement: Judgement): void {
    if (judgement === 'good') {
      this.#good = Math.max(at, this.#good ?? at)
      if (this.#bad !== undefined && this.#bad.at <= at) this.#bad = this.#lowestFailureAbove(at)
      return
    }
    if (this.#good !== undefined && at <= this.#good) this.#good = undefined
    if (this.#bad === undefined || at < this.#bad.at)
      this.#bad = { at, by: judgement === 'bad' ? 'broker' : 'generator' }
  }

  #lowestFailureAbove(at: number) {
    const above = this.tried.filter((each) => each.judgement === 'bad' && each.at > at).map((each) => each.at)
    return above.length === 0 ? undefined : ({ at: Math.min(...above), by: 'broker' } as const)
  }

  #middle(): number | undefined {
    if (this.#good === undefined || this.#bad === undefined) return undefined
    if (this.#bad.at <= this.#good * (1 + precision)) return undefined
    const middle = this.#rounded((this.#good + this.#bad.at) / 2)
    return middle > this.#good && middle < this.#bad.at ? middle : undefined
  }

  /** Undefined where there is no such client any more. */
  #lower(failedAt: number, part: number): number | undefined {
    if (!this.#plan.isWhole) return this.#rounded(failedAt * part)
    const at = Math.min(Math.round(failedAt * part), failedAt - 1)
    return at >= 1 ? at : undefined
  }

  #hasHeld(at: number): boolean {
    return this.tried.some((each) => each.kind === 'hold' && each.at === at && each.judgement === 'good')
  }

  #endWithout(why: SearchEnd): void {
    this.end ??= this.#bad?.by === 'generator' ? 'generator' : why
  }

  #rounded(value: number): number {
    return this.#plan.isWhole ? Math.round(value) : Number(value.toPrecision(3))
  }
}
