import { type ErrorKind, MqttCliError } from '../errors.ts'

/** The promise of docs/exit-codes.md. Never an MQTT reason code: 0x82 would be SIGINT's 130. */
export const exitCodes: Readonly<Record<ErrorKind, number>> = {
  usage: 2,
  unreachable: 3,
  refused: 4,
  lost: 5,
  protocol: 6,
  'local-io': 7,
  demand: 9,
  'invalid-result': 10,
  'gave-up': 27,
  'hung-up': 129,
  interrupted: 130,
  terminated: 143,
}

export const bugExitCode = 1

export function exitCodeOf(error: unknown): number {
  return error instanceof MqttCliError ? exitCodes[error.kind] : bugExitCode
}
