/**
 * The tests of the message path, by what they are about. Each runs over every transport by `npm run matrix`; `npm test`
 * runs it over TCP, and a second time over the transport that stands beside it, so that each day sees one cell of each
 * row. A test of these names no transport itself (test/message-path.test.ts).
 */
export const messagePath = [
  { about: 'nothing lost', daily: 'tls', files: ['nothing-lost/all-lines-arrive', 'message-path/both-ways'] },
  { about: 'nothing lost, broker killed', daily: 'unix', files: ['nothing-lost/broker-killed'] },
  { about: 'nothing lost, broker restarted', daily: 'ws', files: ['nothing-lost/broker-restart'] },
  { about: 'cut at every step', daily: 'wss', files: ['faults/cut-at-every-step', 'faults/cut-off'] },
  {
    about: 'reconnect and resume',
    daily: 'tls',
    files: [
      'faults/broker-disconnect',
      'faults/broker-killed',
      'faults/coming-back',
      'faults/version-met-with-silence',
      'faults/inbound-state',
      'connection/connection',
    ],
  },
  { about: 'half open, and slow', daily: 'wss', files: ['faults/half-open', 'faults/slow-line'] },
  { about: 'slow broker', daily: 'ws', files: ['faults/fast-stdin'] },
  { about: 'slow reader', daily: 'tls', files: ['faults/slow-reader'] },
  { about: 'output that fails', daily: 'ws', files: ['faults/stdout-closed', 'faults/disk-full'] },
  { about: 'keep alive under load', daily: 'wss', files: ['message-path/keep-alive'] },
  { about: '-C', daily: 'ws', files: ['message-path/count'] },
  { about: 'signals', daily: 'wss', files: ['faults/interrupted', 'faults/leaving'] },
  { about: 'large messages', daily: 'ws', files: ['message-path/large-messages'] },
  { about: 'the largest message', daily: 'unix', files: ['faults/largest-message'] },
  { about: 'payloads and names', daily: 'tls', files: ['faults/payload-bytes', 'faults/object-names'] },
  {
    about: 'acknowledgements and limits',
    daily: 'ws',
    files: ['faults/acknowledgements', 'faults/lenient-flags', 'faults/server-limits', 'faults/subscription-refusals'],
  },
  {
    about: 'refusals and violations',
    daily: 'unix',
    files: ['faults/refused-connect', 'faults/malformed', 'faults/server-reference', 'faults/hostile-text'],
  },
  { about: 'many topics', daily: 'tls', files: ['faults/many-topics'] },
  { about: 'clocks that jump', daily: 'unix', files: ['faults/clock-jump'] },
  {
    about: 'bench: accounting',
    daily: 'ws',
    files: ['features/bench/accounting', 'features/bench/coming-back', 'features/bench/foreign-flood'],
  },
  {
    about: 'bench: idle and lost clients',
    daily: 'unix',
    files: ['features/bench/idle-clients', 'features/bench/faults'],
  },
  {
    about: 'bench: reading and threads',
    daily: 'tls',
    files: ['features/bench/bulk-reading', 'features/bench/workers'],
  },
  { about: 'bench: slow brokers', daily: 'ws', files: ['features/bench/slow-brokers'] },
  { about: 'bench: latency', daily: 'tls', files: ['features/bench/latency'] },
  { about: 'bench: the command', daily: 'tls', files: ['commands/bench/trust'] },
  { about: 'inspect proxy', daily: 'wss', files: ['message-path/through-proxy'] },
].map((row) => ({ ...row, files: row.files.map((file) => `test/${file}.test.ts`) }))

export const transports = ['tcp', 'tls', 'ws', 'wss', 'unix']

/** Those of test/support/brokers, each a column. */
export const brokers = [
  'mosquitto',
  'the embedded broker',
  'ejabberd',
  'RabbitMQ',
  'NATS',
  'Receive Maximum 2',
  'a packet a segment',
  'window 1',
  'window 10',
  'window 20',
  'window 1000',
]
