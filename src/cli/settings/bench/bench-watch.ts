import { isDeepStrictEqual } from 'node:util'
import type { Disturbance, Observation, RunEnd } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { disturbance } from '../../values/bench/disturbance.ts'
import { observation } from '../../values/bench/observation.ts'
import type { BenchInput } from '../command-input.ts'
import { readList, saidAs } from '../input.ts'

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
