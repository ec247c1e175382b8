import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const template = {
  payload: { from: 'template', pieces: [{ placeholder: 'client', pattern: 'n=' }, { placeholder: 'sequence' }] },
} as const

async function publishedBy(changes: Changes): Promise<Buffer[]> {
  const packets: Buffer[] = []
  const broker = await startRelayBroker({ relay: (_, packet) => packets.push(packet) })
  try {
    const end = { by: 'messages', count: 3 } as const
    await runBench(benchContext(broker, { mode: 'pub', subscribers: 0, end, ...changes }))
  } finally {
    broker.close()
  }
  return packets
}

describe('a payload of the user’s own', () => {
  test('goes out as it is, behind the stamp in user property b', async () => {
    const packets = await publishedBy({ payload: { from: 'file', bytes: Buffer.from('00ff0a', 'hex') } })

    // Topic, 38 bytes of properties, name, 32 characters of base64: run 01020304 and publisher 0 are t50BAgMEAAAA.
    const head = `3033${'0007'}${Buffer.from('bench/0').toString('hex')}26${'26'}000162${'0020'}`
    for (const [sequence, packet] of packets.entries()) {
      const text = packet.toString('latin1', packet.length - 35, packet.length - 3)
      const stamp = Buffer.from(text, 'base64')
      assert.equal(packet.subarray(0, -35).toString('hex'), head)
      assert.equal(text.slice(0, 12), 't50BAgMEAAAA')
      assert.equal(stamp.readUIntBE(9, 5), sequence)
      assert.equal(packet.subarray(-3).toString('hex'), '00ff0a')
    }
    assert.equal(packets.length, 3)
  })

  test('has the places of a template filled for each message', async () => {
    const packets = await publishedBy(template)

    assert.deepEqual(
      packets.map((packet) => packet.toString('latin1', packet.length - 3)),
      ['n=0', 'n=1', 'n=2'],
    )
  })

  test('comes behind the user properties that were asked for', async () => {
    const [packet] = await publishedBy({ ...template, properties: { userProperties: [['b', 'mine']] } })

    assert.match(packet?.toString('latin1') ?? '', /&\0\x01b\0\x04mine&\0\x01b\0\x20t50BAgME/)
  })

  const forms: ReadonlyArray<readonly [what: string, changes: Changes]> = [
    ['a stamp in its property', {}],
    [
      'other user properties',
      {
        properties: {
          userProperties: [
            ['site', 'zürich'],
            ['b', 'x'.repeat(32)],
          ],
        },
      },
    ],
    ['other properties', { properties: { contentType: 'text/plain' } }],
    ['a topic for each message', { topic: 'bench/%i/%s' }],
  ]
  for (const qos of [0, 1] as const) {
    for (const [what, changes] of forms) {
      test(`is matched like any other, with ${what}, QoS ${qos}`, async (t) => {
        const broker = await startRelayBroker({
          relay: (n, packet, forward) => {
            if (n % 10 === 1) return
            forward(packet)
            if (n % 10 === 3) forward(packet)
          },
        })
        t.after(broker.close)

        const { result } = await runBench(benchContext(broker, { ...template, ...changes, qos }))

        const { expected, received, lost, duplicate, reordered, foreign } = result.arrivals ?? {}
        assert.deepEqual([expected, received, lost, duplicate, reordered, foreign], [1000, 900, 100, 100, 0, 0])
        assert.equal(result.response?.count, 900)
        assert.ok((result.response?.maxMicroseconds ?? 0) > 0)
      })
    }
  }

  test('of another run is foreign', async (t) => {
    const theirs = 't50BAgMFAAAAAAAAAAAAAAAAAAAAAAAA' // run 01020305
    const body = `0001612626000162${'0020'}${Buffer.from(theirs).toString('hex')}78`
    const foreign = Buffer.from(`30${(body.length / 2).toString(16)}${body}`, 'hex')
    const broker = await startRelayBroker({
      relay: (n, packet, forward) => {
        if (n === 0) forward(foreign)
        forward(packet)
      },
    })
    t.after(broker.close)

    const { result } = await runBench(benchContext(broker, template))

    assert.equal(result.arrivals?.foreign, 1)
    assert.equal(result.arrivals?.received, 1000)
  })

  test('that is too large for the broker with its topic and properties is refused before anything is sent', async (t) => {
    // Maximum Packet Size 100: topic 9, properties 39, payload 50 are 98, and 2 bytes of header.
    const connack = () => Buffer.from('2008000005' + '2700000064', 'hex')
    const broker = await startRelayBroker({ connack })
    t.after(broker.close)
    const bytes = (count: number) => ({ payload: { from: 'file', bytes: Buffer.alloc(count) } }) as const
    const end = { by: 'messages', count: 5 } as const

    const fits = await runBench(benchContext(broker, { ...bytes(50), end }))
    const tooLarge = await runBench(benchContext(broker, { ...bytes(51), end }))

    assert.equal(fits.result.arrivals?.received, 5)
    assert.equal(tooLarge.failure?.kind, 'refused')
    assert.deepEqual(tooLarge.result.connect.refused, { 'above the Maximum Packet Size': 1 })
    assert.equal(broker.published, 5)
  })

  test('the result says how small and how large payloads can be', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)

    const { result } = await runBench(benchContext(broker, template))

    assert.deepEqual(result.payloadBytes, [3, 5]) // n=0 to n=999
  })
})
