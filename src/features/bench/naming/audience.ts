import type { FilterTree } from './filter-tree.ts'

/** How many subscribers a publisher's messages are for. The members of a shared subscription are one. */
export class Audience {
  /** Of every message. */
  readonly #each: number
  /** Of single ones beyond that: their number is in the filter. */
  readonly #more: Map<number, number> | undefined

  constructor(filters: FilterTree<unknown>, topic: string) {
    const found = filters.find(topic)
    const numbered = found.flatMap(({ number }) => (number === undefined ? [] : [number]))
    this.#each = found.length - numbered.length
    this.#more = numbered.length === 0 ? undefined : new Map()
    for (const number of numbered) this.#more?.set(number, (this.#more.get(number) ?? 0) + 1)
  }

  of(sequence: number): number {
    return this.#more === undefined ? this.#each : this.#each + (this.#more.get(sequence) ?? 0)
  }
}
