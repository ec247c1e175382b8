import type { Stage } from '../../features/bench/settings.ts'
import { usageError } from '../usage-error.ts'
import { positiveDurationMs } from './duration.ts'
import { ratePerSecond } from './rate.ts'

/** `10s:1000,60s:5000`: in ten seconds to 1000 a second, in another sixty to 5000. */
export function stages(text: string, flag: string): readonly Stage[] {
  return text.split(',').map((stage) => {
    const [duration, rate, ...rest] = stage.split(':')
    if (duration === undefined || rate === undefined || rest.length > 0) {
      throw usageError(`${flag}: ${JSON.stringify(stage)} is no stage`, 'write stages as 10s:1000,60s:5000')
    }
    const target = rate === '0' ? 0 : ratePerSecond(rate, flag)
    return { durationMs: positiveDurationMs(duration, flag), ratePerSecond: target }
  })
}
