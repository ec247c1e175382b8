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
  deadlineMs: number,
): Promise<void> {
  const options = { qos, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const
  const asked = filters.map((filter) => ({ filter, ...options }))
  const { reasonCodes } = await withinDeadline(established.link.driver.subscribe(asked, {}), deadlineMs)
  const code = reasonCodes.find((each) => isFailure(each))
  if (code === undefined) return
  const name = reasonCode('suback', established.version, code)?.name ?? 'reason code'
  throw new MqttCliError('refused', 'The broker refused a subscription', {
    layer: 'SUBACK',
    reasonName: `SUBACK ${name} (0x${code.toString(16)})`,
    tries: ['look at the broker’s access rules for the topic filter', { try: 'other-filter' }],
  })
}

/** Who takes a connection and answers nothing on it would keep a run from beginning for ever. */
async function withinDeadline<Answer>(answer: Promise<Answer>, deadlineMs: number): Promise<Answer> {
  answer.catch(() => {}) // it may come too late to be heard
  let timer: NodeJS.Timeout | undefined
  const unanswered = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noAnswer(deadlineMs)), deadlineMs)
  })
  return Promise.race([answer, unanswered]).finally(() => clearTimeout(timer))
}

function noAnswer(deadlineMs: number): MqttCliError {
  return new MqttCliError('lost', `The broker did not answer SUBSCRIBE within ${deadlineMs / 1000} s`, {
    layer: 'SUBACK',
    reasonName: 'no SUBACK',
    tries: ['look into the broker’s log', { try: 'longer-connect-timeout', ifSlow: 'broker' }],
  })
}
