/**
 * The tests of the message path, by what they are about. Each runs over every transport by `npm run matrix`; `npm test`
 * runs it over TCP, and a second time over the transport that stands beside it, so that each day sees one cell of each
 * row. A test of these names no transport itself (test/message-path.test.ts).
 */
export const messagePath = [
  { about: 'nothing lost', daily: 'tls', files: ['nothing-lost/all-lines-arrive', 'message-path/both-ways'] },
  { about: 'nothing lost, broker killed', daily: 'unix', files: ['nothing-lost/broker-killed'] },
  { about: 'nothing lost, broker restarted', daily: 'ws', files: ['nothing-lost/broker-restart'] },
  { about: 'cut at every step', daily: 'wss', files: ['faults/network/cut-at-every-step', 'faults/wire/cut-off'] },
  {
    about: 'reconnect and resume',
    daily: 'tls',
    files: [
      'faults/session/broker-disconnect',
      'faults/session/broker-killed',
      'faults/session/coming-back',
      'faults/session/version-met-with-silence',
      'faults/session/inbound-state',
      'connection/connection',
    ],
  },
  { about: 'half open, and slow', daily: 'wss', files: ['faults/network/half-open', 'faults/network/slow-line'] },
  { about: 'slow broker', daily: 'ws', files: ['faults/input/fast-stdin'] },
  { about: 'slow reader', daily: 'tls', files: ['faults/output/slow-reader'] },
  { about: 'output that fails', daily: 'ws', files: ['faults/output/stdout-closed', 'faults/output/disk-full'] },
  { about: 'keep alive under load', daily: 'wss', files: ['message-path/keep-alive'] },
  { about: '-C', daily: 'ws', files: ['message-path/count'] },
  { about: 'signals', daily: 'wss', files: ['faults/process/interrupted', 'faults/session/leaving'] },
  { about: 'large messages', daily: 'ws', files: ['message-path/large-messages'] },
  { about: 'the largest message', daily: 'unix', files: ['faults/wire/largest-message'] },
  { about: 'payloads and names', daily: 'tls', files: ['faults/wire/payload-bytes', 'faults/wire/object-names'] },
  {
    about: 'acknowledgements and limits',
    daily: 'ws',
    files: [
      'faults/session/acknowledgements',
      'faults/wire/lenient-flags',
      'faults/session/server-limits',
      'faults/session/nine-filters',
      'faults/session/subscription-refusals',
    ],
  },
  {
    about: 'refusals and violations',
    daily: 'unix',
    files: [
      'faults/session/refused-connect',
      'faults/wire/malformed',
      'faults/session/server-reference',
      'faults/output/hostile-text',
    ],
  },
  { about: 'many topics', daily: 'tls', files: ['faults/wire/many-topics'] },
  { about: 'clocks that jump', daily: 'unix', files: ['faults/process/clock-jump'] },
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
  { about: 'bench: the most', daily: 'wss', files: ['features/bench/ceiling/known-ceilings'] },
  { about: 'bench: topic pools', daily: 'unix', files: ['features/bench/topic-pools'] },
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
