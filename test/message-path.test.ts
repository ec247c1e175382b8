import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { messagePath, transports } from '../scripts/message-path.js'
import { transportTable } from './support/transports/transport-table.ts'

const root = join(import.meta.dirname, '..')
const listed = messagePath.flatMap(({ files }) => files)

/** Where messages pass between a client of ours and a broker. What is not on the path has its reason here. */
const folders = ['test/faults', 'test/message-path', 'test/nothing-lost', 'test/features/bench', 'test/commands/bench']
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'of one transport alone': [
    'commands/bench/client-certificates',
    'faults/network/tls',
    'faults/network/websocket',
    'faults/network/files-at-reconnect',
  ],
  'of addresses, and of what happens below any transport': [
    'faults/network/connect-deadline',
    'faults/network/dropped-packets',
    'faults/process/hang-up',
    'faults/network/several-addresses',
    'features/bench/hosts',
    'features/bench/preflight',
    'commands/bench/own-payloads-and-hosts',
  ],
  'of what is said before anything is sent, or printed': [
    'faults/input/arguments',
    'faults/output/blame',
    'faults/output/hostile-stderr',
    'faults/wire/no-mqtt',
    'faults/input/open-key',
    'faults/input/others-stdin',
    'faults/output/repeated-secrets',
    'faults/output/secrets',
  ],
  'of what a load is made of and how it is shown': [
    'commands/bench/bench',
    'commands/bench/clocks',
    'commands/bench/shard-clocks',
    'commands/bench/compare',
    'commands/bench/compare/files',
    'commands/bench/disturb',
    'commands/bench/duet/rounds',
    'commands/bench/duet/brokers',
    'commands/bench/circumstances',
    'commands/bench/files',
    'commands/bench/history',
    'commands/bench/idle-connections',
    'commands/bench/load-on-the-wire',
    'commands/bench/merge',
    'commands/bench/max',
    'commands/bench/pools-and-slow-rates',
    'commands/bench/run',
    'commands/bench/modes',
    'commands/bench/observe',
    'commands/bench/outputs',
    'commands/bench/rendezvous',
    'commands/bench/shards',
    'commands/bench/slow-brokers',
    'features/bench/ceiling/ceiling-search',
    'commands/bench/slow-subscribers',
    'features/bench/clients/connect-turns',
    'features/bench/clocks/clock-offset',
    'features/bench/duet/noise',
    'features/bench/duet/rounds',
    'features/bench/clocks/shard-clocks',
    'features/bench/report/clock-problems',
    'features/bench/history/result-writer',
    'features/bench/history/trend',
    'features/bench/compare/compare-runs',
    'features/bench/compare/compared-runs',
    'features/bench/compare/operating-characteristics',
    'features/bench/compare/run-correlation',
    'features/bench/compare/rank-tests',
    'features/bench/compare/ratio-interval',
    'features/bench/compare/verdict-of-metric',
    'features/bench/hostile-names',
    'features/bench/identifiers',
    'features/bench/load-random',
    'features/bench/many-topics',
    'features/bench/merge/merge-results',
    'features/bench/measuring-parts',
    'features/bench/pace/precision-timer',
    'features/bench/names',
    'features/bench/observe/disturbances',
    'features/bench/observe/prometheus-text',
    'features/bench/observe/source-account',
    'features/bench/observe/sources',
    'features/bench/payload',
    'features/bench/size-mix',
    'features/bench/report/prometheus',
    'features/bench/counters/subscriber-tally',
    'features/bench/messages/first-loss',
    'features/bench/messages/sequence-ranges',
    'features/bench/report/subscriber-spread',
    'features/bench/retained/clear-retained',
    'features/bench/messages/template-payload',
    'features/bench/report/verdict',
    'features/bench/rendezvous/shard-company',
    'features/bench/shards/part-of-run',
    'features/bench/workers/worker-count',
  ],
}
const excused = Object.values(elsewhere).flatMap((files) => files.map((file) => `test/${file}.test.ts`))

/** A transport in a test: by name, by scheme, by a port, by a flag, or by a socket of its own. */
const names = [
  /'(tcp|tls|ws|wss|unix)'/,
  /\b(mqtts?|wss?|unix):\/\//,
  /'(-p|-h|--port|--host|--unix|--ws|--ws-path|--cafile|--insecure)'/,
  /\b(runAgainst|benchContext|connectionSettings)\(\w+\.port\b/,
  /^import (?!type).* from '(node:net|node:tls|ws)'/m,
]

describe('the tests of the message path', () => {
  test('are all in the list, or have a reason not to be', () => {
    const found = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => `${folder}/${file}`),
    )

    const unknown = found.filter((file) => !listed.includes(file) && !excused.includes(file))

    assert.deepEqual(unknown, [])
    assert.deepEqual(
      excused.filter((file) => listed.includes(file)),
      [],
    )
  })

  for (const file of listed) {
    test(`${file} names no transport itself`, () => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n')

      const naming = lines.filter((line) => !line.includes("'mosquitto_") && names.some((name) => name.test(line)))

      assert.deepEqual(naming, [])
    })
  }

  test('run over every transport that there is, and each day over one besides TCP', () => {
    assert.deepEqual(transports, Object.keys(transportTable))
    for (const { about, daily } of messagePath) assert.ok(daily !== 'tcp' && transports.includes(daily), about)
  })
})
