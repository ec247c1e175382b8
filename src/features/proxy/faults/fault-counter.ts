import type { FaultEffect, FaultRule } from '../settings.ts'

/** What became of one rule, over all connections. */
export interface FaultCount {
  /** As it was said. */
  readonly rule: string
  readonly fault: FaultEffect['fault']
  /** Packets that it is about, chosen by chance or not. */
  readonly matched: number
  /** Those that it befell. */
  readonly done: number
}

/** Counts, for each rule, the packets that it is about and those that it befell. */
export class FaultCounter {
  readonly #rules: readonly FaultRule[]
  readonly #matched: number[]
  readonly #done: number[]

  constructor(rules: readonly FaultRule[]) {
    this.#rules = rules
    this.#matched = rules.map(() => 0)
    this.#done = rules.map(() => 0)
  }

  matched(index: number): void {
    this.#matched[index] = (this.#matched[index] ?? 0) + 1
  }

  done(effect: FaultEffect): void {
    const index = this.#rules.findIndex((rule) => rule.effect === effect)
    this.#done[index] = (this.#done[index] ?? 0) + 1
  }

  counts(): readonly FaultCount[] {
    return this.#rules.map(({ text, effect }, index) => ({
      rule: text,
      fault: effect.fault,
      matched: this.#matched[index] ?? 0,
      done: this.#done[index] ?? 0,
    }))
  }
}
