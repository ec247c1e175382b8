import type { BenchContext } from '../bench-context.ts'
import type { BenchPhase, BenchResult, BenchSecond } from '../events.ts'
import { Disturbances } from './disturbances.ts'
import { Observer } from './observer.ts'

/** When a run's load begins, and its measuring, microseconds since the epoch. */
interface Phases {
  readonly startMicroseconds: number
  readonly measureMicroseconds: number
}

/** What happens beside a load, on its time axis: what is done to the broker, and what it uses and drops. */
export class RunWatch {
  readonly #disturbances: Disturbances
  readonly #observer: Observer
  /** Of one shard the broker's work is not all of its work. */
  readonly #isWhole: boolean

  constructor(context: BenchContext) {
    const { settings, shell, emit } = context
    this.#disturbances = new Disturbances(settings.disturbances, shell, emit)
    this.#observer = new Observer(context)
    this.#isWhole = settings.part === undefined
  }

  /** Before anything is sent. Throws where there is nothing to observe. */
  async open(): Promise<void> {
    await this.#observer.open()
  }

  /** How the broker stands before the load. */
  async begin(): Promise<void> {
    await this.#observer.begin()
  }

  start(phases: Phases): void {
    this.#observer.start(phases.startMicroseconds)
    this.#disturbances.start(phases)
  }

  /** What belongs to the second that ends now. `messages`: that came and went in it. */
  async second(phase: BenchPhase, second: number, messages: number): Promise<Pick<BenchSecond, 'marks' | 'observed'>> {
    const marks = this.#disturbances.takeMarks()
    const observed = await this.#observer.second({
      isMeasured: phase === 'measure',
      second,
      messages: this.#isWhole ? messages : 0,
    })
    return { ...(marks.length > 0 && { marks }), ...(observed.length > 0 && { observed }) }
  }

  /** The load is over, and nobody has left yet. */
  async finish(): Promise<void> {
    await this.#observer.finish()
  }

  async close(): Promise<void> {
    await this.#disturbances.end()
    await this.#observer.close()
  }

  /** When the broker was first disturbed, microseconds since the epoch. */
  get disturbedMicroseconds(): number | undefined {
    return this.#disturbances.firstMicroseconds
  }

  get figures(): Pick<BenchResult, 'disturbances' | 'observed'> {
    const { figures: disturbances } = this.#disturbances
    const { figures: observed } = this.#observer
    return { ...(disturbances.length > 0 && { disturbances }), ...(observed.length > 0 && { observed }) }
  }
}
