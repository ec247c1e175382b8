import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMicroseconds } from '../../connection/clock.ts'
import { MqttCliError } from '../../errors.ts'
import type { BenchOutcome } from './events.ts'
import type { GroupResult, ScenarioEvent, ScenarioGroup, ScenarioOutcome } from './scenario/events.ts'
import { Milestones } from './scenario/milestones.ts'

export interface ScenarioRequest {
  readonly name: string
  readonly groups: readonly ScenarioGroup[]
  /** The user's wish to stop: what runs drains and reports, what has not begun never does. */
  readonly signal: AbortSignal
  readonly emit: (event: ScenarioEvent) => void
  readonly startedAt: string
}

/** Of several failures the one that decides the exit code: our own machine's before a loss, and that before a figure. */
const gravity: readonly string[] = [
  'usage',
  'local-io',
  'unreachable',
  'protocol',
  'lost',
  'refused',
  'invalid-result',
  'demand',
]

/** Runs groups of clients beside each other, each when its barrier opens. */
export async function runScenario(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const scenario = new RunningScenario(request)
  const ends = await Promise.all(request.groups.map((group) => scenario.run(group)))
  const failures = ends.flatMap(({ failure }) => failure ?? [])
  const [failure] = failures.sort((one, other) => gravityOf(one) - gravityOf(other))
  return {
    result: {
      v: 1,
      type: 'bench-scenario',
      name: request.name,
      startedAt: request.startedAt,
      groups: ends.map(({ of }) => of),
    },
    outcomes: new Map(
      ends.flatMap(({ of: { name }, outcome }) => (outcome === undefined ? [] : [[name, outcome] as const])),
    ),
    ...(failure && { failure }),
  }
}

interface GroupEnd {
  readonly of: GroupResult
  readonly outcome?: BenchOutcome
  readonly failure?: MqttCliError
}

class RunningScenario {
  readonly #request: ScenarioRequest
  readonly #milestones = new Milestones()
  readonly #began = monotonicMicroseconds()

  constructor(request: ScenarioRequest) {
    this.#request = request
  }

  async run(group: ScenarioGroup): Promise<GroupEnd> {
    if (!(await this.#mayBegin(group))) {
      this.#milestones.ended(group.name, false)
      return this.#request.signal.aborted ? { of: { name: group.name } } : ended(group, neverOpened(group))
    }
    return this.#load(group, Math.round((monotonicMicroseconds() - this.#began) / 1000) / 1000)
  }

  async #mayBegin({ after, delayMs }: ScenarioGroup): Promise<boolean> {
    const { signal } = this.#request
    if (after !== undefined && !(await this.#milestones.opened(after, signal))) return false
    await sleep(delayMs, undefined, { signal }).catch(() => {})
    return !signal.aborted
  }

  async #load(group: ScenarioGroup, startedSeconds: number): Promise<GroupEnd> {
    const { signal, emit } = this.#request
    emit({ event: 'group begins', group: group.name, seconds: startedSeconds })
    try {
      const outcome = await group.run(signal, (event) => {
        if (event.event === 'phase') this.#milestones.phase(group.name, event.phase)
        emit({ event: 'of group', group: group.name, of: event })
      })
      this.#milestones.ended(group.name, true)
      return ended(group, outcome.failure, { startedSeconds, outcome })
    } catch (error) {
      this.#milestones.ended(group.name, false)
      if (!(error instanceof MqttCliError)) throw error
      return ended(group, error, { startedSeconds })
    }
  }
}

function ended(
  { name }: ScenarioGroup,
  failure: MqttCliError | undefined,
  { startedSeconds, outcome }: { readonly startedSeconds?: number; readonly outcome?: BenchOutcome } = {},
): GroupEnd {
  const of: GroupResult = {
    name,
    ...(startedSeconds !== undefined && { startedSeconds }),
    ...(outcome && { result: outcome.result }),
    ...(failure && { failure: { kind: failure.kind, message: failure.message } }),
  }
  return { of, ...(outcome && { outcome }), ...(failure && { failure: ofGroup(name, failure) }) }
}

function ofGroup(name: string, { kind, message, details }: MqttCliError): MqttCliError {
  return new MqttCliError(kind, `group ${name}: ${message}`, details)
}

function neverOpened({ after }: ScenarioGroup): MqttCliError {
  return new MqttCliError('invalid-result', `it never began: ${after?.group} ended before it was ${after?.milestone}`, {
    tries: ['look at that group first'],
  })
}

function gravityOf({ kind }: MqttCliError): number {
  const rank = gravity.indexOf(kind)
  return rank === -1 ? gravity.length : rank
}
