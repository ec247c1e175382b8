import { MqttCliError } from '../../errors.ts'
import { reasonCode } from '../../protocol/reason-codes.ts'
import type { ProtocolVersion, Suback, SubscriptionRequest } from '../../protocol/wire/packet.ts'

const firstFailure = 0x80

/** The error that a SUBACK amounts to: only when every filter was refused. */
export function subscriptionRefusal(
  { reasonCodes }: Suback,
  asked: readonly SubscriptionRequest[],
  version: ProtocolVersion,
): MqttCliError | undefined {
  const [code = firstFailure] = reasonCodes
  if (reasonCodes.some((each) => each < firstFailure)) return undefined
  const filters = asked.map(({ filter }) => filter).join(', ')
  return refusal('suback', code, version, `The broker refused every subscription: ${filters}`, 'SUBACK')
}

/** PUBACK or PUBREC that says no. */
export function publishRefusal(topic: string, code: number, version: ProtocolVersion): MqttCliError {
  return refusal('puback', code, version, `The broker refused the message to ${topic}`, 'PUBLISH')
}

function refusal(
  packet: 'suback' | 'puback',
  code: number,
  version: ProtocolVersion,
  message: string,
  layer: string,
): MqttCliError {
  const reason = reasonCode(packet, version, code)
  return new MqttCliError('refused', message, {
    layer,
    reasonCode: code,
    reasonName: reason?.name ?? 'unknown reason code',
    causes: reason === undefined ? [] : [reason.meaning, ...reason.causes],
    tries: ['look at the broker’s access rules for this topic'],
  })
}
