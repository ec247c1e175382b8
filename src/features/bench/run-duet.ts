import type { MqttCliError } from '../../errors.ts'
import { compareRuns } from './compare/compare-runs.ts'
import type { ComparedRun, Comparison } from './compare/comparison.ts'
import { gateFailure } from './compare/gate.ts'
import type { ComparisonSettings, Gate } from './compare/settings.ts'
import type { DuetEvent, DuetRun } from './duet/duet-events.ts'
import type { SideName } from './duet/settings.ts'
import { type Turn, turnsOf } from './duet/turns.ts'
import type { BenchOutcome } from './events.ts'
import { isTainted } from './fingerprint.ts'

/** A broker that stands, and how to be rid of it. */
export interface Standing {
  /** Runs of one start vary together: it is drawn before they are. */
  readonly start: string
  stop(): Promise<void>
}

export interface DuetRequest {
  readonly rounds: number
  readonly comparison: Omit<ComparisonSettings, 'isPaired'>
  readonly gate: Gate
  readonly signal: AbortSignal
  readonly emit: (event: DuetEvent) => void
  /** What the user wants done before each run. */
  readonly before: (turn: Turn) => Promise<void>
  /** Sees to it that the broker of this side answers. */
  readonly stand: (turn: Turn) => Promise<Standing>
  /** The load, once. */
  readonly run: (turn: Turn) => Promise<BenchOutcome>
  /** Keeps what a run came to, at once: the next one may be the one that fails. */
  readonly keep: (run: DuetRun) => Promise<void>
}

export interface DuetOutcome {
  readonly runs: readonly DuetRun[]
  readonly wholeRounds: number
  /** Of the whole rounds, side by side. */
  readonly pairs: Readonly<Record<SideName, readonly ComparedRun[]>>
  readonly comparison?: Comparison
  /** Why the duet is no success, if it is none: told after the result. */
  readonly failure?: MqttCliError
}

/** A and B in turns, and then held against each other, round by round. What fails ends it; what was run until then counts. */
export async function runDuet(request: DuetRequest): Promise<DuetOutcome> {
  const runs: DuetRun[] = []
  let failure: MqttCliError | undefined
  try {
    for (const turn of turnsOf(request.rounds)) {
      if (request.signal.aborted) break
      const run = await oneRun(turn, request)
      if (run === undefined) break
      runs.push(run)
      request.emit({ event: 'ran', run })
      await request.keep(run)
    }
  } catch (error) {
    failure = error as MqttCliError
  }
  const pairs = pairsOf(runs)
  const comparison =
    pairs.a.length === 0 ? undefined : compareRuns(pairs.a, pairs.b, { ...request.comparison, isPaired: true })
  const first = failure ?? failureOfRuns(runs) ?? (comparison && gateFailure(comparison, request.gate))
  return {
    runs,
    wholeRounds: pairs.a.length,
    pairs,
    ...(comparison && { comparison }),
    ...(first && { failure: first }),
  }
}

/** Undefined where the user stopped it: a run that was cut short is no run of this load. */
async function oneRun(turn: Turn, request: DuetRequest): Promise<DuetRun | undefined> {
  request.emit({ event: 'turn', turn })
  await request.before(turn)
  if (request.signal.aborted) return undefined
  const standing = await request.stand(turn)
  try {
    const outcome = await request.run(turn)
    if (request.signal.aborted) return undefined
    return { ...turn, outcome, start: standing.start, isTainted: isTainted(outcome.result) }
  } finally {
    await standing.stop()
  }
}

/** The whole rounds: a run whose other half is missing stands beside nothing. */
function pairsOf(runs: readonly DuetRun[]): DuetOutcome['pairs'] {
  const pairs = [...new Set(runs.map(({ round }) => round))].flatMap((round) => {
    const [a, b] = (['a', 'b'] as const).map((side) => runOf(runs, { round, side }))
    return a === undefined || b === undefined ? [] : [{ a: comparedRun(a), b: comparedRun(b) }]
  })
  return { a: pairs.map(({ a }) => a), b: pairs.map(({ b }) => b) }
}

function runOf(runs: readonly DuetRun[], { round, side }: Turn): DuetRun | undefined {
  return runs.find((run) => run.round === round && run.side === side)
}

function comparedRun({ outcome, start }: DuetRun): ComparedRun {
  return { result: outcome.result, start }
}

/** A loss, a refusal, a fault of this machine's. Whether runs are valid the comparison judges, over all of them. */
function failureOfRuns(runs: readonly DuetRun[]): MqttCliError | undefined {
  const failures = runs.flatMap(({ outcome }) => outcome.failure ?? [])
  return failures.find(({ kind }) => kind !== 'invalid-result' && kind !== 'demand')
}
