import { connectionFlags } from './connection.ts'
import { flagGroup, switchFlag, valueFlag } from './flag.ts'
import { loginFlags } from './login.ts'
import { outputFlags } from './output.ts'
import { sessionFlags } from './session.ts'
import { tlsFlags } from './tls.ts'

const askFlags = flagGroup('PING', {
  count: valueFlag({ letter: 'c', value: 'count', summary: 'Ask so often; 1 by default.' }),
  interval: valueFlag({ value: 'seconds', summary: 'From one to the next, seconds; 1 by default.' }),
  'round-trip': switchFlag({
    summary: 'Publish a message that nobody else knows, and wait for it: broker, rights and delivery work, then.',
  }),
  topic: valueFlag({
    letter: 't',
    value: 'topic',
    summary: 'Where that message goes; mqtt-cli/ping/ with a random word by default.',
  }),
  'answer-timeout': valueFlag({
    value: 'seconds',
    summary: 'An answer that takes longer never comes, seconds; 10 by default.',
  }),
  timeout: valueFlag({
    letter: 'W',
    value: 'seconds',
    summary: 'Stop after this long, seconds, counted from the start; exit 27.',
  }),
})

/** `-c` is how often. */
const { 'disable-clean-session': _kept, 'session-expiry-interval': _expiry, ...ownSessionFlags } = sessionFlags

export const pingFlags = {
  ...askFlags,
  ...connectionFlags,
  ...ownSessionFlags,
  ...loginFlags,
  ...tlsFlags,
  ...outputFlags,
}
