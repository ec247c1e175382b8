import { MqttCliError } from '../errors.ts'

/** Flags wrong or in conflict (exit 2). At least one thing to try, always. */
export function usageError(message: string, ...tries: readonly [string, ...string[]]): MqttCliError {
  return new MqttCliError('usage', message, { layer: 'command line', tries })
}
