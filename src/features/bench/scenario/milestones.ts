import type { BenchPhase } from '../events.ts'
import type { Barrier, Milestone } from './settings.ts'

/** In the order in which a group passes them. */
const order: readonly Milestone[] = ['connected', 'measuring', 'draining', 'ended']

/** What is behind a group when a phase of it begins. */
const reachedBy: Readonly<Record<BenchPhase, Milestone | undefined>> = {
  connect: undefined,
  warmup: 'connected',
  measure: 'measuring',
  drain: 'draining',
}

/** Follows how far each group has come, and tells who waits for it. */
export class Milestones {
  readonly #reached = new Map<string, number>()
  readonly #isOver = new Set<string>()
  #waiting: (() => void)[] = []

  phase(group: string, phase: BenchPhase): void {
    const milestone = reachedBy[phase]
    if (milestone !== undefined) this.#reach(group, milestone)
  }

  /** It ended; `isWhole` where it went through all of its phases. */
  ended(group: string, isWhole: boolean): void {
    this.#isOver.add(group)
    if (isWhole) this.#reach(group, 'ended')
    else this.#wake()
  }

  /** Resolves with true when the barrier is open, and with false when it will never be. */
  async opened({ group, milestone }: Barrier, signal: AbortSignal): Promise<boolean> {
    const wake = () => this.#wake()
    signal.addEventListener('abort', wake, { once: true })
    while (!this.#has(group, milestone) && !this.#isOver.has(group) && !signal.aborted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    signal.removeEventListener('abort', wake)
    return this.#has(group, milestone) && !signal.aborted
  }

  #has(group: string, milestone: Milestone): boolean {
    return (this.#reached.get(group) ?? -1) >= order.indexOf(milestone)
  }

  #reach(group: string, milestone: Milestone): void {
    this.#reached.set(group, Math.max(this.#reached.get(group) ?? -1, order.indexOf(milestone)))
    this.#wake()
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume()
  }
}
