import { MqttCliError } from '../../errors.ts'
import { isFailure, ReasonCode } from '../../protocol/reason-code.ts'
import { reasonCode } from '../../protocol/reason-codes.ts'
import type { ProtocolVersion, Suback, SubscriptionRequest } from '../../protocol/wire/packet.ts'

export interface RefusedFilter {
  readonly filter: string
  readonly reasonCode: number
  readonly reasonName: string
}

/** The filters that SUBACK refuses, in the order they were asked for [MQTT-3.9.3-1]. */
export function refusedFilters(
  suback: Suback,
  subscriptions: readonly SubscriptionRequest[],
  version: ProtocolVersion,
): RefusedFilter[] {
  return subscriptions.flatMap(({ filter }, index) => {
    const code = suback.reasonCodes[index] ?? ReasonCode.unspecifiedError
    if (!isFailure(code)) return []
    return [
      { filter, reasonCode: code, reasonName: reasonCode('suback', version, code)?.name ?? 'unknown reason code' },
    ]
  })
}

export function allRefused(refused: readonly RefusedFilter[], version: ProtocolVersion): MqttCliError {
  const [first] = refused
  const reason = reasonCode('suback', version, first?.reasonCode ?? ReasonCode.unspecifiedError)
  const filters = refused.map(({ filter }) => filter)
  return new MqttCliError('refused', `The broker refused every subscription: ${filters.join(', ')}`, {
    layer: 'SUBACK',
    reasonCode: first?.reasonCode ?? ReasonCode.unspecifiedError,
    reasonName: first?.reasonName ?? 'unknown reason code',
    causes: reason === undefined ? [] : [reason.meaning, ...reason.causes],
    tries: ['look at the broker’s access rules for these topic filters'],
    facts: { refused },
  })
}
