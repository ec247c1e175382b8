import { connectionFlags } from './connection.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { loginFlags } from './login.ts'
import { outputFlags } from './output.ts'
import { sessionFlags } from './session.ts'
import { tlsFlags } from './tls.ts'
import { willFlags } from './will.ts'

export const viewFlags = flagGroup('VIEW', {
  view: valueFlag({
    value: 'line|tree|hex|sequence|mermaid',
    summary: 'How packets are drawn: a line each (default), a tree of fields, a hexdump, or a sequence diagram.',
  }),
  filter: listFlag({
    value: 'what',
    summary:
      'Show only these packets: publish, in, out, type=…, from=client|server, topic=FILTER, mid=N, client=ID; repeatable.',
  }),
  'show-secrets': switchFlag({ summary: 'Show passwords and authentication data as they are.' }),
})

const exchangeFlags = flagGroup('EXCHANGE', {
  topic: listFlag({
    letter: 't',
    value: 'filter',
    summary: 'Topic filter to subscribe to; repeatable, beside the words.',
  }),
  'filters-per-subscribe': valueFlag({
    value: 'count',
    summary: 'Most topic filters in one SUBSCRIBE, for brokers that close on more, as 8; as many as fit by default.',
  }),
  publish: listFlag({
    value: 'topic=message',
    summary: 'Publish this message once subscribed; repeatable, in the order given.',
  }),
  qos: valueFlag({
    letter: 'q',
    value: '0|1|2',
    summary: 'QoS of the subscriptions and of what is published; 0 by default.',
  }),
  retain: switchFlag({ letter: 'r', summary: 'The broker keeps what is published for later subscribers.' }),
  count: valueFlag({ letter: 'C', value: 'count', summary: 'Stop after this many messages.' }),
  timeout: valueFlag({
    letter: 'W',
    value: 'seconds',
    summary: 'Stop after this long, seconds, counted from the start; exit 27.',
  }),
})

export const inspectFlags = {
  ...exchangeFlags,
  ...viewFlags,
  ...connectionFlags,
  ...sessionFlags,
  ...loginFlags,
  ...tlsFlags,
  ...willFlags,
  ...outputFlags,
}

export const plainOutputFlags = flagGroup('OUTPUT', {
  json: switchFlag({ summary: 'One JSON object a line on stdout; an error is one JSON line on stderr.' }),
  debug: switchFlag({ letter: 'd', summary: 'The stack of an error of ours.' }),
  quiet: switchFlag({ summary: 'No notes and no error text; the exit code tells.' }),
  'no-color': switchFlag({ summary: 'No colours (NO_COLOR does the same).' }),
  help: switchFlag({ summary: 'Show this help.' }),
})

const version = valueFlag({
  letter: 'V',
  value: 'version',
  aliases: ['mqtt-version'],
  summary: 'MQTT version of the packets: 5, 3.1.1 or 3.1; found out by default. CONNECT tells its own.',
})

const file = valueFlag({ letter: 'f', value: 'path', summary: 'Read this file.' })

export const decodeFlags = {
  ...flagGroup('INPUT', {
    file,
    input: valueFlag({ value: 'auto|hex|base64|binary', summary: 'What the input is; found out by default.' }),
    'protocol-version': version,
    sender: valueFlag({ value: 'client|server', summary: 'Who sent all of these bytes; found out by default.' }),
  }),
  ...viewFlags,
  ...plainOutputFlags,
}

export const encodeFlags = {
  ...flagGroup('INPUT', { file, 'protocol-version': version }),
  ...flagGroup('RESULT', { binary: switchFlag({ summary: 'The bytes themselves on stdout, not hex.' }) }),
  ...plainOutputFlags,
}
