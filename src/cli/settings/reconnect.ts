import type { ReconnectSettings } from '../../connection/settings.ts'
import { durationMs } from '../values/duration.ts'
import { type Input, isTyped, read } from './input.ts'

/** `--reconnect-for`, which typed means the first connect too, or what the command does by itself; 0 is never. */
export function reconnectSettings(
  input: Input<{ readonly 'reconnect-for'?: string }>,
  byDefault: ReconnectSettings,
): ReconnectSettings {
  const milliseconds = read(input, 'reconnect-for', durationMs)
  if (milliseconds === undefined) return byDefault
  if (milliseconds === 0) return { mode: 'never' }
  return { mode: 'for', seconds: milliseconds / 1000, ...(isTyped(input, 'reconnect-for') && { firstToo: true }) }
}

/** A one-shot command waits for a broker that is not there yet, if it is asked to, and tries nothing twice. */
export function firstConnectSettings(input: Input<{ readonly 'reconnect-for'?: string }>): ReconnectSettings {
  const settings = reconnectSettings(input, { mode: 'never' })
  if (settings.mode !== 'for' || settings.firstToo !== true) return { mode: 'never' }
  return { mode: 'first', seconds: settings.seconds }
}
