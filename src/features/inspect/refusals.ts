import { MqttCliError } from '../../errors.ts'
import { isFailure, ReasonCode } from '../../protocol/reason-code.ts'
import { publishRefusalReason, type ReasonCodeMeaning, reasonCode } from '../../protocol/reason-codes.ts'
import type { ProtocolVersion, Suback, SubscriptionRequest } from '../../protocol/wire/packet.ts'

/** The error that a SUBACK amounts to: only when every filter was refused. */
export function subscriptionRefusal(
  { reasonCodes }: Suback,
  asked: readonly SubscriptionRequest[],
  version: ProtocolVersion,
): MqttCliError | undefined {
  const [code = ReasonCode.unspecifiedError] = reasonCodes
  if (reasonCodes.some((each) => !isFailure(each))) return undefined
  const filters = asked.map(({ filter }) => filter).join(', ')
  const reason = reasonCode('suback', version, code)
  return refusal(reason, code, `The broker refused every subscription: ${filters}`, 'SUBACK')
}

/** PUBACK or PUBREC that says no. */
export function publishRefusal(topic: string, code: number, version: ProtocolVersion): MqttCliError {
  const reason = publishRefusalReason(version, code)
  return refusal(reason, code, `The broker refused the message to ${topic}`, 'PUBLISH')
}

function refusal(reason: ReasonCodeMeaning | undefined, code: number, message: string, layer: string): MqttCliError {
  return new MqttCliError('refused', message, {
    layer,
    reasonCode: code,
    reasonName: reason?.name ?? 'unknown reason code',
    causes: reason === undefined ? [] : [reason.meaning, ...reason.causes],
    tries: ['look at the broker’s access rules for this topic'],
  })
}
