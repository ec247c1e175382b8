import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const opening: Step[] = [
  { expect: 'connect' },
  { send: '20020000' },
  { expect: 'subscribe' },
  { send: (last) => Buffer.from([0x90, 3, last[2] ?? 0, last[3] ?? 0, 0]) },
]

describe('WebSocket', { concurrency: 4 }, () => {
  test('fault 41: a text frame: closed, 6 [MQTT-6.0.0-1]', async (t) => {
    const { sub, broker } = await subscriber(t, [...opening, { sendText: '0\u0005\u0000\u0001ahi' }])

    assert.equal(await sub.exitCode, 6)
    assert.equal((await sub.stdout()).length, 0)
    assert.match(await sub.stderr(), /text/)
    assert.match(await sub.stderr(), /MQTT-6\.0\.0-1/)
    await broker.connections[0]?.whenClosed()
  })

  for (const subprotocol of [null, 'mqttv3.1', 'chat']) {
    test(`fault 41: the subprotocol ${subprotocol ?? '(none)'} in the answer: 3 [MQTT-6.0.0-4]`, async (t) => {
      const { sub, broker } = await subscriber(t, opening, subprotocol)

      assert.equal(await sub.exitCode, 3)
      assert.match(await sub.stderr(), /subprotocol/i)
      assert.equal(broker.received(0).length, 0)
    })
  }

  test('fault 41: a packet split over frames, byte by byte, is one packet [MQTT-6.0.0-2]', async (t) => {
    const publish = Buffer.from('3005000161686a', 'hex')
    const frames: Step[] = [...publish].map((byte) => ({ send: Buffer.from([byte]) }))
    const { sub } = await subscriber(t, [...opening, ...frames])

    assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, 'hj\n'])
  })

  test('fault 41: several packets in one frame are several packets [MQTT-6.0.0-2]', async (t) => {
    const { sub } = await subscriber(
      t,
      [...opening, { send: '3004000161 31 3004000161 32 3004000161 33' }],
      'mqtt',
      '3',
    )

    assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, '1\n2\n3\n'])
  })
})

async function subscriber(t: TestContext, script: readonly Step[], subprotocol: string | null = 'mqtt', count = '1') {
  const broker = await startScriptedBroker([script], { websocket: subprotocol })
  t.after(broker.close)
  const args = ['sub', '-V', '4', '-L', `ws://127.0.0.1:${broker.port}/mqtt`, '-t', 'a', '-C', count]
  return { sub: runCli([...args, '--reconnect-for', '0']), broker }
}
