import { epochMicroseconds } from '../../../connection/clock.ts'
import type { BenchEvent, DisturbanceFigures } from '../events.ts'
import type { Disturbance } from '../settings.ts'
import type { Shell, ShellRun } from '../shell.ts'

/** One that was asked for, and what came of it so far. */
interface Asked {
  readonly disturbance: Disturbance
  readonly dueMicroseconds: number
  run?: ShellRun
  began?: number
  ended?: number
  exitCode: number | null
  signal: string | null
  wasKilled: boolean
}

interface Phases {
  readonly startMicroseconds: number
  readonly measureMicroseconds: number
}

/** Runs the user's commands at their times of the window, and keeps what became of them. None outlives the run. */
export class Disturbances {
  readonly #disturbances: readonly Disturbance[]
  readonly #shell: Shell
  readonly #emit: (event: BenchEvent) => void
  readonly #timers: NodeJS.Timeout[] = []
  #asked: readonly Asked[] = []
  #startMicroseconds = 0
  #marks: string[] = []

  constructor(disturbances: readonly Disturbance[], shell: Shell, emit: (event: BenchEvent) => void) {
    this.#disturbances = disturbances
    this.#shell = shell
    this.#emit = emit
  }

  /** Their times are those of the window that is measured. */
  start({ startMicroseconds, measureMicroseconds }: Phases): void {
    this.#startMicroseconds = startMicroseconds
    this.#asked = this.#disturbances.map((disturbance) => {
      const dueMicroseconds = measureMicroseconds + disturbance.atMs * 1000
      return { disturbance, dueMicroseconds, exitCode: null, signal: null, wasKilled: false }
    })
    for (const asked of this.#asked) {
      const waitMs = (asked.dueMicroseconds - epochMicroseconds()) / 1000
      this.#timers.push(setTimeout(() => void this.#run(asked), Math.max(0, Math.ceil(waitMs))))
    }
  }

  /** What has begun since the last call. */
  takeMarks(): readonly string[] {
    const marks = this.#marks
    this.#marks = []
    return marks
  }

  /** What was not due yet never runs; what still runs is killed, and what it started. */
  async end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all(
      this.#asked.map(async (asked) => {
        const isRunning = asked.ended === undefined
        const wasThere = await asked.run?.kill()
        asked.wasKilled = isRunning && wasThere === true
        await asked.run?.ended
      }),
    )
  }

  /** When the first one began, microseconds since the epoch. */
  get firstMicroseconds(): number | undefined {
    const began = this.#asked.flatMap(({ began }) => began ?? [])
    return began.length === 0 ? undefined : Math.min(...began)
  }

  get figures(): readonly DisturbanceFigures[] {
    return this.#asked.map(({ disturbance, dueMicroseconds, run, began, ended, exitCode, signal, wasKilled }) => ({
      command: disturbance.command,
      dueSecond: this.#secondOf(dueMicroseconds) ?? 0,
      beganSecond: this.#secondOf(began),
      endedSecond: this.#secondOf(ended),
      exitCode,
      signal,
      wasKilled,
      output: run?.output.text ?? '',
      outputBytes: run?.output.bytes ?? 0,
    }))
  }

  async #run(asked: Asked): Promise<void> {
    const { command } = asked.disturbance
    asked.began = epochMicroseconds()
    const run = this.#shell(command)
    asked.run = run
    this.#marks.push(command)
    this.#emit({ event: 'disturbance', second: this.#secondOf(asked.began) ?? 0, command })
    const { exitCode, signal } = await run.ended
    asked.ended = epochMicroseconds()
    asked.exitCode = exitCode
    asked.signal = signal
  }

  /** Since the load began, as the seconds of the series. */
  #secondOf(microseconds: number | undefined): number | null {
    return microseconds === undefined ? null : Math.round((microseconds - this.#startMicroseconds) / 1e3) / 1e3
  }
}
