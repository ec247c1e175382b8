import { MqttCliError } from '../../../errors.ts'
import type { ComparedRun } from './comparison.ts'
import type { ComparisonSettings } from './settings.ts'

/** Pairs need as many runs of one side as of the other. */
export function refuseUnpaired(
  base: readonly ComparedRun[],
  next: readonly ComparedRun[],
  { isPaired }: ComparisonSettings,
): void {
  if (!isPaired || base.length === next.length) return
  throw new MqttCliError('usage', `${base.length} and ${next.length} runs are no pairs`, {
    tries: ['give as many results of one side as of the other, in the order of the rounds'],
  })
}
