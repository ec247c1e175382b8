import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, test } from 'node:test'
import type { BenchEvent } from '../../../src/features/bench/events.ts'
import { runConn } from '../../../src/features/bench/run-conn.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'
import { type Reach, reachOf } from '../../support/transports/reach.ts'

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0)

/** Connections and nothing else, held for a time; they come back when `seconds` allow it. */
function holding(broker: Reach, seconds: number, changes: Changes, told: BenchEvent[] = []) {
  const idle = { mode: 'conn', publishers: 0, subscribers: 0, end: { by: 'duration', milliseconds: 1000 } } as const
  const context = benchContext(broker, { ...idle, ...changes }, told)
  const reconnect = seconds === 0 ? ({ mode: 'never' } as const) : ({ mode: 'for', seconds } as const)
  return { ...context, settings: { ...context.settings, connection: { ...context.settings.connection, reconnect } } }
}

describe('connections that only stay', () => {
  for (const workers of [1, 2, 3]) {
    test(`${workers} threads have them all among them, each once`, async (t) => {
      const ids = new Set<string>()
      const broker = await startRelayBroker({ connect: (packet) => ids.add(packet.subarray(-30).toString('latin1')) })
      t.after(broker.close)

      const { result, failure } = await runConn(holding(broker, 0, { connections: 50, workers }))

      assert.equal(failure, undefined)
      assert.equal(ids.size, 50)
      assert.equal(result.connect.attempted, 50)
      assert.equal(result.connect.connected, 50)
      assert.equal(result.connect.times.count, 50)
      assert.equal(result.idle?.held, 50)
      assert.equal(result.generator.workers, workers)
    })

    test(`${workers} threads drop them all at once, and all come again`, async (t) => {
      let connections = 0
      const broker = await startRelayBroker({
        connected: () => {
          connections++
        },
      })
      t.after(broker.close)

      const { result } = await runConn(holding(broker, 0, { connections: 40, workers, churns: 2 }))

      assert.equal(connections, 120)
      assert.deepEqual(
        result.idle?.storms.map(({ reconnected, failed, times }) => ({ reconnected, failed, count: times.count })),
        [
          { reconnected: 40, failed: {}, count: 40 },
          { reconnected: 40, failed: {}, count: 40 },
        ],
      )
      assert.deepEqual(result.connect.lost, {})
    })
  }

  test('refusals are counted by reason', async (t) => {
    const busy = Buffer.from('2003009700', 'hex')
    const broker = await startRelayBroker({ connack: (n) => (n % 3 === 1 ? busy : Buffer.from('2003000000', 'hex')) })
    t.after(broker.close)

    const { result, failure } = await runConn(holding(broker, 0, { connections: 9 }))

    assert.equal(failure?.kind, 'refused')
    assert.deepEqual(result.connect.refused, { 'Quota exceeded (0x97)': 3 })
    assert.equal(result.idle?.held, 6)
  })

  test('every second of it is told, and kept', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const told: BenchEvent[] = []
    const end = { by: 'duration', milliseconds: 2300 } as const

    const { seconds } = await runConn(holding(broker, 0, { connections: 20, end }, told))

    assert.deepEqual(
      told.flatMap((event) => (event.event === 'second' ? [event.figures] : [])),
      seconds,
    )
    const measured = seconds.filter(({ phase }) => phase === 'measure') // connecting may take a second too
    assert.ok(measured.length >= 2)
    assert.ok(measured.every(({ connected, cpu }) => connected === 20 && cpu > 0))
    assert.deepEqual(
      told.flatMap((event) => (event.event === 'phase' ? [event.phase] : [])),
      ['connect', 'measure'],
    )
  })

  test('nobody there is one error', async () => {
    await assert.rejects(runConn(holding(reachOf({ port: 1 }), 0, { connections: 5, workers: 2 })), {
      kind: 'unreachable',
    })
  })

  for (const seconds of [0, 10]) {
    test(`one that is lost ${seconds === 0 ? 'stays away where it may not come back' : 'comes back'}`, async (t) => {
      const sockets: Socket[] = []
      const broker = await startRelayBroker({ connected: (_, socket) => sockets.push(socket) })
      t.after(broker.close)
      const context = holding(broker, seconds, {
        connections: 5,
        end: { by: 'duration', milliseconds: 3000 },
      })
      const emit: typeof context.emit = (event) => {
        if (event.event === 'phase' && event.phase === 'measure') sockets[2]?.destroy()
      }

      const { result, failure } = await runConn({ ...context, emit })

      assert.equal(sum(result.connect.lost), 1)
      assert.equal(result.connect.reconnected, seconds === 0 ? 0 : 1)
      assert.equal(result.idle?.held, seconds === 0 ? 4 : 5)
      assert.equal(failure?.kind, seconds === 0 ? 'lost' : undefined)
    })
  }

  test('one that is thrown out as soon as it stands gives up the eighth time [fault 19]', async (t) => {
    t.mock.method(Math, 'random', () => 0) // no delay between the attempts
    let connections = 0
    const broker = await startRelayBroker({
      connected: (_, socket) => {
        connections++
        socket.once('data', () => setImmediate(() => socket.end())) // CONNECT, and behind the CONNACK that answers it
      },
    })
    t.after(broker.close)

    const { result, failure } = await runConn(holding(broker, 60, { connections: 1 }))

    assert.equal(connections, 8)
    assert.equal(failure?.kind, 'lost')
    assert.equal(sum(result.connect.lost), 8)
    assert.equal(result.connect.reconnected, 7)
  })

  test('a thousand come back after a restart, with jitter [fault 39]', {
    skip: mosquittoMissing('mosquitto'),
    timeout: 120_000,
  }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    let restart: Promise<void> | undefined
    const end = { by: 'duration', milliseconds: 12_000 } as const
    const context = holding(broker, 60, { connections: 1000, workers: 2, end })
    const emit: typeof context.emit = (event) => {
      if (event.event === 'phase' && event.phase === 'measure') restart ??= broker.restart()
    }

    const { result, failure } = await runConn({ ...context, emit })
    await restart

    const [p50Microseconds, maxMicroseconds] = [
      result.connect.outages?.p50Microseconds ?? 0,
      result.connect.outages?.maxMicroseconds ?? 0,
    ]
    assert.equal(failure, undefined)
    assert.equal(result.idle?.held, 1000)
    assert.equal(sum(result.connect.lost), result.connect.reconnected)
    assert.ok(result.connect.reconnected >= 1000, `${result.connect.reconnected}`)
    assert.ok(p50Microseconds < maxMicroseconds / 1.2, `p50 ${p50Microseconds}, max ${maxMicroseconds}`)
  })
})
