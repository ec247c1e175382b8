import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MqttCliError } from '../../../src/errors.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { runConn } from '../../../src/features/bench/run-conn.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const pub = { mode: 'pub', subscribers: 0, end: { by: 'messages', count: 1 } } as const
const { connection } = benchContext(1, {}).settings
const at31 = { ...connection, version: 3 } as const
const will = { topic: 'gone/%c', payload: Buffer.alloc(0), qos: 0, retain: false, properties: {} } as const

const isUsage = (error: unknown) => error instanceof MqttCliError && error.kind === 'usage'

describe('refused before a connection:', () => {
  const rows: ReadonlyArray<readonly [what: string, changes: Changes]> = [
    ['an identifier of 24 characters at 3.1', { connection: at31, clients: { clientId: `c${'0'.repeat(22)}%i` } }],
    [
      'the eleventh identifier of 24 characters at 3.1',
      { connection: at31, publishers: 11, clients: { clientId: `${'0'.repeat(22)}%i` } },
    ],
    ['no identifier at 3.1', { connection: at31, clients: { clientId: '' } }],
    ['a topic with an identifier that is a wildcard', { topic: 'a/%c', clients: { clientId: '+' } }],
    ['a topic with a user that is a wildcard', { topic: '%u', clients: { clientId: 'c', username: 'a#' } }],
    [
      'a topic with a user of --credentials that is a wildcard',
      { topic: '%u', clients: { clientId: 'c', credentials: [{ username: '#', password: '' }] } },
    ],
    [
      'a will with an identifier that is a wildcard',
      { connection: { ...connection, will }, clients: { clientId: '#' } },
    ],
    [
      'a filter with a wildcard of an identifier inside a level',
      { mode: 'pubsub', subscribers: 1, filter: 'a/%c', clients: { clientId: 'x#' } },
    ],
  ]
  for (const [what, changes] of rows) {
    test(what, async () => {
      await assert.rejects(runBench(benchContext(1, { ...pub, ...changes })), isUsage)
    })
  }

  test('and by bench conn', async () => {
    const changes = { mode: 'conn', publishers: 0, subscribers: 0, connections: 1, connection: at31 } as const

    await assert.rejects(runConn(benchContext(1, { ...changes, clients: { clientId: 'c'.repeat(24) } })), isUsage)
  })
})

test('identifiers of 24 characters are for the broker to refuse at MQTT 5', async (t) => {
  const broker = await startRelayBroker()
  t.after(broker.close)

  const { result } = await runBench(benchContext(broker, { ...pub, clients: { clientId: 'c'.repeat(24) } }))

  assert.equal(result.connect.connected, 1)
})
