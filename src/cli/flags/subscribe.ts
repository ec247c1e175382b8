import { connectionFlags } from './connection.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { loginFlags } from './login.ts'
import { outputFlags } from './output.ts'
import { sessionFlags } from './session.ts'
import { tlsFlags } from './tls.ts'
import { leavingFlags, willFlags } from './will.ts'

const subscriptionFlags = flagGroup('SUBSCRIPTION', {
  topic: listFlag({
    letter: 't',
    value: 'filter',
    summary: 'Topic filter to subscribe to; repeatable, beside the words.',
  }),
  qos: valueFlag({ letter: 'q', value: '0|1|2', summary: 'Highest QoS to receive with; 0 by default.' }),
  'filter-out': listFlag({ letter: 'T', value: 'filter', summary: 'Do not show topics that match; repeatable.' }),
  unsubscribe: listFlag({
    letter: 'U',
    value: 'filter',
    summary: 'Unsubscribe from this filter after subscribing; repeatable.',
  }),
  count: valueFlag({ letter: 'C', value: 'count', summary: 'Stop after this many messages.' }),
  timeout: valueFlag({
    letter: 'W',
    value: 'seconds',
    summary: 'Give up after this long, seconds, counted from the start; exit 27.',
  }),
  'filters-per-subscribe': valueFlag({
    value: 'count',
    summary: 'Most topic filters in one SUBSCRIBE, for brokers that close on more, as 8; as many as fit by default.',
  }),
  'exit-after-suback': switchFlag({
    letter: 'E',
    summary: 'Leave as soon as the broker has answered the subscriptions.',
  }),
  'hide-retained': switchFlag({
    letter: 'R',
    summary: 'Do not show retained messages (at MQTT 5 they are not asked for).',
  }),
  'retained-only': switchFlag({ summary: 'Show retained messages only, and leave at the first that is not.' }),
  'retain-as-published': switchFlag({ summary: 'Keep the retain flag as it was published. MQTT 5.' }),
  'retain-handling': valueFlag({
    value: '0|1|2',
    summary: 'Retained messages: 0 send them, 1 only for a new subscription, 2 never. MQTT 5.',
  }),
  'no-local': switchFlag({ summary: 'Do not receive what this client itself publishes. MQTT 5.' }),
})

const formatFlags = flagGroup('OUTPUT', {
  verbose: switchFlag({ letter: 'v', summary: 'Show the topic before each payload.' }),
  'no-eol': switchFlag({ letter: 'N', summary: 'No end of line after each message.' }),
  format: valueFlag({
    letter: 'F',
    value: 'format',
    summary: 'Format of each message, in mosquitto_sub’s language: %t, %p, %q and more.',
  }),
  raw: switchFlag({ summary: 'Payloads byte for byte on a terminal too, control characters included.' }),
})

export const subFlags = {
  ...subscriptionFlags,
  ...connectionFlags,
  ...sessionFlags,
  ...loginFlags,
  ...tlsFlags,
  ...willFlags,
  ...leavingFlags,
  ...formatFlags,
  ...outputFlags,
}
