import type { BenchContext } from '../bench-context.ts'
import type { BenchResult, BenchSecond } from '../events.ts'
import { Disturbances } from './disturbances.ts'

/** When a run's load begins, and its measuring, microseconds since the epoch. */
interface Phases {
  readonly startMicroseconds: number
  readonly measureMicroseconds: number
}

/** What happens beside a load, on its time axis: what is done to the broker while it runs. */
export class RunWatch {
  readonly #disturbances: Disturbances

  constructor({ settings, shell, emit }: BenchContext) {
    this.#disturbances = new Disturbances(settings.disturbances, shell, emit)
  }

  start(phases: Phases): void {
    this.#disturbances.start(phases)
  }

  /** What belongs to the second that ends now. */
  second(): Pick<BenchSecond, 'marks'> {
    const marks = this.#disturbances.takeMarks()
    return marks.length > 0 ? { marks } : {}
  }

  async end(): Promise<void> {
    await this.#disturbances.end()
  }

  /** When the broker was first disturbed, microseconds since the epoch. */
  get disturbedMicroseconds(): number | undefined {
    return this.#disturbances.firstMicroseconds
  }

  get figures(): Pick<BenchResult, 'disturbances'> {
    const { figures } = this.#disturbances
    return figures.length > 0 ? { disturbances: figures } : {}
  }
}
