import { type ErrorDetails, type ErrorKind, MqttCliError } from '../../../errors.ts'

/** An error of ours as plain data: a class does not survive the way to another thread. */
export interface ErrorData {
  readonly kind: ErrorKind
  readonly message: string
  readonly details: Omit<ErrorDetails, 'cause'>
}

/** Undefined for what is no error of ours: that is a bug, and goes its own way. */
export function errorData(error: unknown): ErrorData | undefined {
  if (!(error instanceof MqttCliError)) return undefined
  const { cause: _, ...details } = error.details
  return { kind: error.kind, message: error.message, details }
}

export function errorFrom({ kind, message, details }: ErrorData): MqttCliError {
  return new MqttCliError(kind, message, details)
}
