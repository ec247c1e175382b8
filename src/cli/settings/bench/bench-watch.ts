import { isDeepStrictEqual } from 'node:util'
import type { BenchMode, BenchSettings, Disturbance, Observation, RunEnd } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { disturbance } from '../../values/bench/disturbance.ts'
import { observation } from '../../values/bench/observation.ts'
import { positiveDurationMs } from '../../values/duration.ts'
import { integer } from '../../values/integer.ts'
import type { BenchInput } from '../command-input.ts'
import { isTyped, read, readList, saidAs } from '../input.ts'

/** Of messages that were not retained there is nothing to take back. */
export function clearsRetained(input: BenchInput, mode: BenchMode): boolean {
  if (input.flags['clear-retained'] !== true) return false
  if (input.flags.retain === true && mode !== 'sub' && mode !== 'conn') return true
  if (!isTyped(input, 'clear-retained')) return false
  throw usageError(
    '--clear-retained takes back what --retain left behind',
    'use it with --retain, where something is published',
  )
}

const defaultThinkMs = 50

/** The last of the subscribers, so many of them, are slow. */
export function slowSubscribers(input: BenchInput, mode: BenchMode, of: number): Pick<BenchSettings, 'slow'> {
  const subscribers = slowCount(input)
  const thinkMs = read(input, 'think', positiveDurationMs)
  if (subscribers === undefined) {
    if (thinkMs !== undefined && isTyped(input, 'think'))
      throw usageError('--think is how long slow subscribers take', 'say how many there are: --slow-subscribers 1')
    return {}
  }
  if (mode !== 'pubsub' && mode !== 'sub')
    throw usageError(`bench ${mode} has no slow subscribers`, 'use bench pubsub or bench sub')
  if (input.flags.share !== undefined)
    throw usageError('--slow-subscribers and --share do not go together', 'leave one of them out')
  if (subscribers > of)
    throw usageError(`${subscribers} of ${of} subscribers cannot be slow`, 'give more of them: --subscribers')
  return { slow: { subscribers, thinkMs: thinkMs ?? defaultThinkMs } }
}

export function slowCount(input: BenchInput): number | undefined {
  return read(input, 'slow-subscribers', (text, flag) => integer(text, flag, { minimum: 1, maximum: 10_000 }))
}

/** Who is asked what the broker uses and drops: each once. */
export function observations(input: BenchInput): readonly Observation[] {
  const all = readList(input, 'observe', observation)
  const twice = all.find((each, index) => all.some((other, at) => at < index && isDeepStrictEqual(each, other)))
  if (twice === undefined) return all
  throw usageError(`${saidAs(input, 'observe')} names the same source twice`, 'leave one of them out')
}

/** What is run while a load of this length runs. */
export function disturbances(input: BenchInput, end: RunEnd): readonly Disturbance[] {
  const all = readList(input, 'disturb', disturbance)
  const late = all.find(({ atMs }) => end.by === 'duration' && atMs >= end.milliseconds)
  if (late === undefined || end.by !== 'duration') return all
  throw usageError(
    `${saidAs(input, 'disturb')}: ${late.atMs / 1000} s is after the ${end.milliseconds / 1000} s that are measured`,
    'name an earlier time, or measure for longer: --duration',
  )
}
