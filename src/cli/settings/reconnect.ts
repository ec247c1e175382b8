import type { ReconnectSettings } from '../../connection/settings.ts'
import { durationMs } from '../values/duration.ts'
import { type Input, read } from './input.ts'

/** `--reconnect-for`, or what the command does by itself; 0 is never. */
export function reconnectSettings(
  input: Input<{ readonly 'reconnect-for'?: string }>,
  byDefault: ReconnectSettings,
): ReconnectSettings {
  const milliseconds = read(input, 'reconnect-for', durationMs)
  if (milliseconds === undefined) return byDefault
  return milliseconds === 0 ? { mode: 'never' } : { mode: 'for', seconds: milliseconds / 1000 }
}
