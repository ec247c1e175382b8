import type { Disturbance, RunEnd } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { disturbance } from '../../values/bench/disturbance.ts'
import type { BenchInput } from '../command-input.ts'
import { readList, saidAs } from '../input.ts'

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
