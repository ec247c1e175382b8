import { connectionFlags } from './connection.ts'
import { flagGroup, listFlag, switchFlag, valueFlag } from './flag.ts'
import { loginFlags } from './login.ts'
import { outputFlags } from './output.ts'
import { sessionFlags } from './session.ts'
import { tlsFlags } from './tls.ts'
import { leavingFlags, willFlags } from './will.ts'

const messageFlags = flagGroup('MESSAGE', {
  topic: listFlag({
    letter: 't',
    value: 'topic',
    summary: 'Topic to publish to, repeatable; the first word is then the message.',
  }),
  message: listFlag({ letter: 'm', value: 'text', summary: 'The message; repeated, one after the other.' }),
  file: listFlag({ letter: 'f', value: 'path', summary: 'Publish the contents of this file, repeatable.' }),
  'stdin-file': switchFlag({ letter: 's', summary: 'Publish the whole of stdin as one message.' }),
  'stdin-line': switchFlag({ letter: 'l', summary: 'Publish each line of stdin as a message of its own.' }),
  'null-message': switchFlag({ letter: 'n', summary: 'Publish an empty message.' }, { onlyOnce: true }),
  qos: valueFlag({ letter: 'q', value: '0|1|2', summary: 'QoS of the messages; 0 by default.' }),
  retain: switchFlag({ letter: 'r', summary: 'The broker keeps the message for later subscribers.' }),
  repeat: valueFlag({ value: 'count', summary: 'Publish the message this many times; 1 by default.' }),
  'repeat-delay': valueFlag({ value: 'seconds', summary: 'Pause between repeats, seconds; 0 by default.' }),
  timeout: valueFlag({
    letter: 'W',
    value: 'seconds',
    summary: 'Give up after this long, seconds, counted from the start; exit 27.',
  }),
  'max-inflight': valueFlag({
    letter: 'M',
    value: 'count',
    summary: 'Most QoS 1 and 2 messages on their way at once; the broker’s own limit by default.',
  }),
})

export const pubFlags = {
  ...messageFlags,
  ...connectionFlags,
  ...sessionFlags,
  ...loginFlags,
  ...tlsFlags,
  ...willFlags,
  ...leavingFlags,
  ...outputFlags,
}
