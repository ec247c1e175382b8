import type { BenchSettings } from '../settings.ts'
import type { SearchStep } from './search-step.ts'
import type { CeilingPlan } from './settings.ts'

/** So little that any broker is at rest with it. */
const restPerSecond = 10
const restConnections = 10
/** So many messages say how it is. */
const restMessages = 10
const restMs = 1000
const restQuietMs = 300

/** The load of one window: everything as it was asked, but what grows, and for how long. */
export function windowSettings(settings: BenchSettings, plan: CeilingPlan, step: SearchStep): BenchSettings {
  if (step.kind === 'rest') return restSettings(settings, plan)
  return {
    ...settings,
    ...amount(settings, plan, step.at),
    end: { by: 'duration', milliseconds: windowMs(plan, step) },
  }
}

export function windowMs(plan: CeilingPlan, { kind }: SearchStep): number {
  return kind === 'probe' ? plan.stepMs : plan.holdMs
}

function restSettings(settings: BenchSettings, plan: CeilingPlan): BenchSettings {
  const ratePerSecond = Math.min(restPerSecond, plan.start / 2)
  const little = { rate: ratePerSecond, connections: Math.min(restConnections, plan.start), subscribers: 1 }
  const milliseconds = plan.axis === 'rate' ? Math.max(restMs, (restMessages * 1000) / ratePerSecond) : restMs
  return {
    ...settings,
    ...amount(settings, plan, little[plan.axis]),
    end: { by: 'duration', milliseconds },
    warmupMs: 0,
    quietMs: restQuietMs,
  }
}

function amount({ load }: BenchSettings, { axis }: CeilingPlan, at: number): Partial<BenchSettings> {
  if (axis === 'connections') return { connections: at }
  if (axis === 'subscribers') return { subscribers: at }
  const arrival = load.mode === 'paced' ? load.arrival : 'uniform'
  return { load: { mode: 'paced', ratePerSecond: at, arrival } }
}
