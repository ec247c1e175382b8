import { MqttCliError } from '../../../errors.ts'
import type { ShardPart } from '../settings.ts'
import { rendezvousTopic } from './rendezvous-message.ts'

const layer = 'rendezvous'

/** Kind 'lost': a deadline passed. `missing`: who did not come, or is not as far. */
export function shardsMissing(
  { count }: ShardPart,
  missing: readonly number[],
  seconds: number,
  step: 'connect' | 'load',
): MqttCliError {
  const what = step === 'connect' ? 'did not come to the rendezvous' : 'were not ready for the load'
  return new MqttCliError('lost', `${shardNames(missing)} of ${count} ${what} within ${seconds} s`, {
    layer,
    tries: [
      'look into what they say, and whether the scheduler started them',
      'one name of the run and one broker for all shards',
      { try: 'longer-rendezvous' },
    ],
    facts: { missing },
  })
}

/** Some brokers drop in silence what their access rules do not allow. */
export function notPassedOn(run: string, seconds: number): MqttCliError {
  const topic = rendezvousTopic(run, 'all')
  return new MqttCliError('refused', `The broker passed on nothing of ${topic} within ${seconds} s`, {
    layer,
    tries: [`allow to publish and subscribe to ${topic.replace(/all$/, '#')}`, { try: 'other-rendezvous' }],
    facts: { topic },
  })
}

export function notSubscribed(run: string, reasonCode: number): MqttCliError {
  const topic = rendezvousTopic(run, 'all')
  return new MqttCliError('refused', `The broker refused the subscription to ${topic}`, {
    layer,
    reasonCode,
    tries: [`allow to publish and subscribe to ${topic.replace(/all$/, '#')}`, { try: 'other-rendezvous' }],
    facts: { topic },
  })
}

export function sameShard({ index, count, run }: ShardPart): MqttCliError {
  return new MqttCliError('usage', `Shard ${index} of ${count} of the run ${run} is there already`, {
    layer,
    tries: ['give each process a number of its own', 'give each run a name of its own'],
  })
}

export function otherSettings(shard: number, { run }: ShardPart): MqttCliError {
  return new MqttCliError('usage', `Shard ${shard} was asked for another load than this one, as the same run ${run}`, {
    layer,
    tries: ['ask all shards alike, but for their numbers', 'give each run a name of its own'],
    facts: { shard },
  })
}

export function tooLate({ index, run }: ShardPart): MqttCliError {
  return new MqttCliError('lost', `The run ${run} began without shard ${index}`, {
    layer,
    tries: ['start all shards of it again, under a new name'],
  })
}

export function shardNames(shards: readonly number[]): string {
  const most = 20
  const shown = shards.slice(0, most).join(', ')
  const more = shards.length > most ? ` and ${shards.length - most} more` : ''
  return `${shards.length === 1 ? 'shard' : 'shards'} ${shown}${more}`
}
