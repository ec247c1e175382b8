import { MqttCliError } from '../errors.ts'
import type { Connack, ProtocolVersion } from '../protocol/wire/packet.ts'
import { connackRefusal } from './refusals.ts'

/** Carries a refusal's CONNACK to who decides whether to try later. */
export class ConnackRefused extends Error {
  readonly connack: Connack
  readonly version: ProtocolVersion
  readonly error: MqttCliError

  /** `error`: what to say in place of the refusal alone. */
  constructor(connack: Connack, version: ProtocolVersion, error = connackRefusal(connack, version)) {
    super('CONNACK refused')
    this.connack = connack
    this.version = version
    this.error = error
  }
}

/** Ended before the first byte of an answer: RabbitMQ 3.10 says no to MQTT 5 that way. */
export class ClosedUnanswered extends Error {
  readonly error: MqttCliError

  constructor(error: MqttCliError) {
    super('closed before CONNACK')
    this.error = error
  }
}

/** Not a byte of an answer in its share of the deadline: old servers leave the connection open, and say nothing. */
export class MetWithSilence extends Error {
  readonly error: MqttCliError
  readonly waitedMs: number

  constructor(waitedMs: number) {
    super('no answer to CONNECT')
    this.waitedMs = waitedMs
    this.error = new MqttCliError('unreachable', `no answer to CONNECT within ${secondsOf(waitedMs)} s`)
  }
}

export function secondsOf(ms: number): number {
  return Math.round(ms / 100) / 10
}

/** Our own error behind whatever an attempt threw. */
export function asError(failure: unknown): MqttCliError {
  if (failure instanceof ConnackRefused || failure instanceof ClosedUnanswered || failure instanceof MetWithSilence) {
    return failure.error
  }
  if (failure instanceof MqttCliError) return failure
  throw failure
}
