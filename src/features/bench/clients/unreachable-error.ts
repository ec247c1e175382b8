import { MqttCliError } from '../../../errors.ts'

/** One clear line for who has no broker at hand. */
export function unreachableError(error: MqttCliError): MqttCliError {
  return new MqttCliError('unreachable', error.message, {
    ...error.details,
    tries: [{ try: 'embedded-broker' }, ...(error.details.tries ?? [])],
  })
}
