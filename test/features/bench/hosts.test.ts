import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MqttCliError } from '../../../src/errors.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { runConn } from '../../../src/features/bench/run-conn.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { freePort } from '../../support/network/free-port.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const target = (port: number) => ({ transport: 'tcp', host: '127.0.0.1', port }) as const
const four = { mode: 'pub', subscribers: 0, publishers: 4, end: { by: 'messages', count: 8 } } as const

describe('a load on several hosts', () => {
  test('takes them in turn, and its result names all', async (t) => {
    const brokers = [await startRelayBroker(), await startRelayBroker()]
    t.after(() => brokers.map((broker) => broker.close()))
    const clients = { clientId: 'c%i', targets: brokers.map(({ port }) => target(port)) }

    const { result } = await runBench(benchContext(1, { ...four, clients }))

    assert.deepEqual(
      brokers.map(({ published }) => published),
      [4, 4],
    )
    assert.equal(result.target, brokers.map(({ port }) => `mqtt://127.0.0.1:${port}`).join(','))
  })

  test('counts the connections of a dead one, and runs on the others', async (t) => {
    const dead = await freePort()
    const broker = await startRelayBroker()
    t.after(broker.close)
    const clients = { clientId: 'c%i', targets: [target(dead), target(broker.port)] }

    const { result, failure } = await runBench(benchContext(1, { ...four, clients }))

    assert.equal(result.connect.connected, 2)
    assert.deepEqual(result.connect.refused, { ECONNREFUSED: 2 })
    assert.equal(failure?.kind, 'refused')
    assert.equal(broker.published, 4)
  })

  test('holds idle connections on the others, too', async (t) => {
    const dead = await freePort()
    const broker = await startRelayBroker()
    t.after(broker.close)
    const clients = { clientId: 'c%i', targets: [target(dead), target(broker.port)] }
    const idle = { mode: 'conn', publishers: 0, subscribers: 0, connections: 6 } as const

    const { result } = await runConn(benchContext(1, { ...idle, clients, end: { by: 'duration', milliseconds: 10 } }))

    assert.equal(result.idle?.held, 3)
    assert.deepEqual(result.connect.refused, { ECONNREFUSED: 3 })
  })

  test('finds nobody where all are dead', async () => {
    const clients = { clientId: 'c%i', targets: [target(await freePort()), target(await freePort())] }

    const nobody = (error: unknown) => error instanceof MqttCliError && error.kind === 'unreachable'

    await assert.rejects(runBench(benchContext(1, { ...four, clients })), nobody)
  })
})

test('every broker is reached from every local address', { skip: process.platform !== 'linux' }, async (t) => {
  const seen: string[] = []
  const startAt = (index: number) =>
    startRelayBroker({ connect: (_, socket) => seen.push(`${index} from ${socket.remoteAddress}`) })
  const brokers = [await startAt(0), await startAt(1)]
  t.after(() => brokers.map((broker) => broker.close()))
  const targets = brokers.map(({ port }) => target(port))
  const clients = { clientId: 'c%i', targets, localAddresses: ['127.0.0.2', '127.0.0.3'] }

  await runBench(benchContext(1, { ...four, clients }))

  assert.deepEqual(seen.sort(), ['0 from 127.0.0.2', '0 from 127.0.0.3', '1 from 127.0.0.2', '1 from 127.0.0.3'])
})
