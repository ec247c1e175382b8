import type { CeilingMode, CeilingPlan } from '../../../features/bench/ceiling/settings.ts'
import type { Load } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { positiveDurationMs } from '../../values/duration.ts'
import { integer } from '../../values/integer.ts'
import { ratePerSecond } from '../../values/rate.ts'
import { demand } from '../../values/threshold.ts'
import type { MaxInput } from '../command-input.ts'
import { asked, read, readList, saidAs } from '../input.ts'
import { strangersAmong } from '../load-consent.ts'
import { type BenchCommandSettings, benchSettingsFrom } from './bench.ts'

export interface MaxCommandSettings extends BenchCommandSettings {
  readonly plan: CeilingPlan
}

const modes: readonly CeilingMode[] = ['pubsub', 'pub', 'conn', 'fan-out']
const defaultStart = { rate: 1000, connections: 100, subscribers: 10 }
const mostPerSecond = 10_000_000
const mostClients = 1_000_000
const fanOutPerSecond = '10'
const defaultStepMs = 5000
const defaultHoldMs = 30_000
const defaultRecoverMs = 60_000

export function maxSettingsFrom(input: MaxInput): MaxCommandSettings {
  const mode = modeOf(input.words)
  const plan = planOf(input, mode)
  const flags = { ...input.flags, ...loadFlags(input, mode, plan) }
  const settings = benchSettingsFrom({ ...input, flags, words: [] }, mode === 'fan-out' ? 'pubsub' : mode)
  const { askFor: _ofSaturating, ...others } = settings
  return { ...others, plan, ...hostsToAskFor(input, settings, plan) }
}

function modeOf([word = 'pubsub', ...others]: readonly string[]): CeilingMode {
  const mode = modes.find((each) => each === word)
  if (mode !== undefined && others.length === 0) return mode
  const wrong = mode === undefined ? word : others[0]
  throw usageError(`bench max has no load ${JSON.stringify(wrong)}`, `give one of ${modes.join(', ')}, or none`)
}

function planOf(input: MaxInput, mode: CeilingMode): CeilingPlan {
  const demands = readList(input, 'slo', demand)
  if (demands.length === 0) {
    throw usageError('bench max needs to know what is good enough', "say it with --slo 'p99<20ms' --slo 'lost=0'")
  }
  const axis = axisOf(input, mode)
  const most =
    axis === 'rate'
      ? (read(input, 'max-rate', ratePerSecond) ?? mostPerSecond)
      : (read(input, 'max-clients', clients) ?? mostClients)
  const start = read(input, 'start', axis === 'rate' ? ratePerSecond : clients) ?? Math.min(defaultStart[axis], most)
  if (start > most) {
    throw usageError(`--start is ${start}, and no more than ${most} may be tried`, 'begin lower, or allow more')
  }
  return {
    mode,
    axis,
    start,
    most,
    demands,
    stepMs: read(input, 'step', positiveDurationMs) ?? defaultStepMs,
    holdMs: read(input, 'hold', positiveDurationMs) ?? defaultHoldMs,
    recoverMs: read(input, 'recover', positiveDurationMs) ?? defaultRecoverMs,
  }
}

/** What is looked for must not be given; of the others' bounds none has a use. */
function axisOf(input: MaxInput, mode: CeilingMode): CeilingPlan['axis'] {
  const hasSubscribers = asked(input, ['subscribers', 'clients']).length > 0
  const axis = mode === 'conn' ? 'connections' : mode === 'fan-out' && !hasSubscribers ? 'subscribers' : 'rate'
  const idle = axis === 'rate' ? (['rate', 'max-clients'] as const) : (['max-rate'] as const)
  const ofConnections = mode === 'conn' ? (['clients', 'rate'] as const) : []
  const wrong = [...idle, ...ofConnections].find((name) => input.typed.has(name))
  if (wrong === undefined) return axis
  throw usageError(
    `${saidAs(input, wrong)} has no use where bench max ${mode} looks for the ${wanted[axis]}`,
    'leave it out',
  )
}

const wanted = { rate: 'highest rate', connections: 'most connections', subscribers: 'most subscribers' }

/** Fan-out has one publisher; where its subscribers grow, at a rate that does not. */
function loadFlags(input: MaxInput, mode: CeilingMode, { axis, start }: CeilingPlan) {
  const { rate = fanOutPerSecond, publishers = '1' } = input.flags
  if (mode === 'conn') return { rate: undefined, clients: String(start) }
  if (mode !== 'fan-out') return { rate: String(start) }
  if (publishers !== '1')
    throw usageError('fan-out has one publisher', 'leave out --publishers, or look at bench max pubsub')
  return { publishers, ...(axis === 'rate' ? { rate: String(start) } : { rate, subscribers: String(start) }) }
}

/** The most that will be tried is what harms. */
function hostsToAskFor({ flags }: MaxInput, { bench, connection }: BenchCommandSettings, { axis, most }: CeilingPlan) {
  const load: Load = axis === 'rate' ? { mode: 'paced', ratePerSecond: most, arrival: 'uniform' } : { mode: 'saturate' }
  const askFor =
    flags.yes === true
      ? undefined
      : strangersAmong(bench.clients.targets ?? [connection.target], { load, disturbances: [] })
  return askFor !== undefined && { askFor }
}

function clients(text: string, flag: string): number {
  return integer(text, flag, { minimum: 1, maximum: mostClients })
}
