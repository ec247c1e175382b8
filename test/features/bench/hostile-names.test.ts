import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MqttCliError } from '../../../src/errors.ts'
import { ConnectCounters } from '../../../src/features/bench/counters/connect-counters.ts'
import { MessageCounters } from '../../../src/features/bench/counters/message-counters.ts'
import type { Reasons } from '../../../src/features/bench/events.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'] as const

/** Once through what threads tell each other, and what is printed. */
const travelled = <T>(value: T): T => JSON.parse(JSON.stringify(structuredClone(value))) as T

const counts = (reasons: Reasons) => Object.entries(reasons).sort()
const each = (count: number) => names.map((name) => [name, count])
const refusal = (reasonName: string) => new MqttCliError('refused', 'no', { reasonName, tries: ['x'] })

describe('reasons that objects have names for are counted like others', () => {
  test('of connections that were refused and lost', () => {
    const one = new ConnectCounters()
    const all = new ConnectCounters()
    for (const name of names) {
      one.refuse(refusal(name))
      one.lose(refusal(name))
    }

    all.add(structuredClone(one.data))
    all.add(structuredClone(one.data))

    const { refused, lost } = travelled(all.figures)
    assert.deepEqual(counts(refused), each(2))
    assert.deepEqual(counts(lost), each(2))
    assert.equal(all.standing, -2 * names.length)
  })

  test('of messages', () => {
    const one = new MessageCounters()
    const all = new MessageCounters()
    for (const name of names) one.refuse(name)
    one.sent = names.length

    all.add(structuredClone(one.data))
    all.add(structuredClone(one.data))

    const { refused, unconfirmed } = travelled(all.counts(true))
    assert.deepEqual(counts(refused), each(2))
    assert.equal(unconfirmed, 0)
  })
})

for (const name of names) {
  for (const workers of [1, 2]) {
    test(`topics, clients and users named ${name} are just strings, over ${workers} threads`, async (t) => {
      const filters: string[] = []
      const broker = await startRelayBroker({
        packet: ({ type, bytes }) => type === 'subscribe' && filters.push(bytes.subarray(7, -1).toString()),
      })
      t.after(broker.close)
      const clients = { clientId: `${name}%i`, username: name, password: name }
      const end = { by: 'messages', count: 50 } as const

      const { result } = await runBench(benchContext(broker, { clients, topic: '%u', filter: '%u', workers, end }))

      assert.deepEqual(filters, [name])
      assert.deepEqual([result.arrivals?.expected, result.arrivals?.received, result.arrivals?.lost], [50, 50, 0])
    })
  }

  test(`a client named ${name}, and the topic of its name`, async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const end = { by: 'messages', count: 50 } as const
    const alone = { mode: 'pub', subscribers: 0, qos: 1, clients: { clientId: name } } as const

    const { result } = await runBench(benchContext(broker, { ...alone, topic: '%c', end }))

    assert.deepEqual([result.messages?.sent, result.messages?.acked], [50, 50])
  })

  test(`a share group named ${name}, and its topics`, async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const end = { by: 'messages', count: 50 } as const

    const { result } = await runBench(benchContext(broker, { topic: name, share: name, end }))

    assert.deepEqual([result.arrivals?.expected, result.arrivals?.received, result.arrivals?.lost], [50, 50, 0])
  })
}

test('messages and connections that were refused for the same reason are told together', async (t) => {
  const broker = await startRelayBroker({
    connack: (n) => (n === 2 ? Buffer.from('2003009700', 'hex') : Buffer.from('2003000000', 'hex')),
    acknowledges: false,
    after: (_, socket) => socket.write(Buffer.of(0x40, 3, 0, 1, 0x97)),
  })
  t.after(broker.close)
  const end = { by: 'messages', count: 1 } as const

  const { failure } = await runBench(benchContext(broker, { mode: 'pub', subscribers: 0, publishers: 3, qos: 1, end }))

  assert.match(failure?.message ?? '', /2 × Quota exceeded \(0x97\)/)
  assert.deepEqual(failure?.details.facts?.refused, { 'Quota exceeded (0x97)': 2 })
})
