import type { MqttCliError } from '../errors.ts'

/** What happened to the connection and what comes next, in one line. */
export function reconnectNote(error: MqttCliError, delayMs: number): string {
  return `${error.message}; trying again in ${(delayMs / 1000).toFixed(1)} s`
}
