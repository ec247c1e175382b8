import { MqttCliError } from '../../../errors.ts'
import { isFailure } from '../../../protocol/reason-code.ts'
import { reasonCode } from '../../../protocol/reason-codes.ts'
import type { QoS } from '../../../protocol/wire/packet.ts'
import type { LoadClient } from './load-client.ts'

/** Subscribes a client of a load, or throws kind 'refused' where it got not all of it. Retained messages are not sent: they are no load. */
export async function subscribeClient(
  { established }: LoadClient,
  filters: readonly string[],
  qos: QoS,
): Promise<void> {
  const options = { qos, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
  const { reasonCodes } = await established.link.driver.subscribe(
    filters.map((filter) => ({ filter, ...options })),
    {},
  )
  const code = reasonCodes.find((each) => isFailure(each))
  if (code === undefined) return
  const name = reasonCode('suback', established.version, code)?.name ?? 'reason code'
  throw new MqttCliError('refused', 'The broker refused a subscription', {
    layer: 'SUBACK',
    reasonName: `SUBACK ${name} (0x${code.toString(16)})`,
    tries: ['look at the broker’s access rules for the topic filter', 'another --topic or --filter'],
  })
}
