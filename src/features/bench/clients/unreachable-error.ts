import { MqttCliError } from '../../../errors.ts'

/** One clear line for who has no broker at hand. */
export function unreachableError(error: MqttCliError): MqttCliError {
  return new MqttCliError('unreachable', error.message, {
    ...error.details,
    tries: [
      '--embedded starts a broker inside this run, mqtt-cli broker one beside it',
      ...(error.details.tries ?? []),
    ],
  })
}
