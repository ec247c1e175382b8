import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { account, packetIdOf } from '../../support/messages/publisher-account.ts'
import { startCuttingProxy } from '../../support/network/cutting-proxy.ts'
import type { CutPacket } from '../../support/packets/frame-cutter.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const answers = { 1: 'PUBACK', 2: 'PUBREC' } as const

/** CONNACK, then a publish that is never answered: the broker is killed. */
const killed: Step[] = [{ expect: 'connect' }, { send: '2003000000' }, { expect: 'publish' }, { close: 'rst' }]

describe('a broker killed with a publish in its hands', { concurrency: 4 }, () => {
  for (const qos of [1, 2] as const) {
    test(`fault 9: before ${answers[qos]}, session resumed: the same identifier and DUP [MQTT-3.3.1-1]`, async (t) => {
      const { pub, packets } = await publish(t, qos, '01')

      assert.equal(await pub.exitCode, 0)
      const [first, again] = await packets()
      assert.equal(account(again ?? [], 5).split(',')[0], 'PUBLISH one DUP')
      assert.equal(firstId(again), firstId(first))
    })

    test(`fault 9: before ${answers[qos]}, session lost: published anew, without DUP`, async (t) => {
      const { pub, packets } = await publish(t, qos, '00')

      assert.equal(await pub.exitCode, 0)
      const [, again] = await packets()
      assert.equal(account(again ?? [], 5).split(',')[0], 'PUBLISH one')
    })

    test(`fault 9: before ${answers[qos]}, one-shot pub: no second connection, 5, unconfirmed`, async (t) => {
      const broker = await startScriptedBroker([killed])
      t.after(broker.close)

      const pub = runCli(['pub', ...broker.flags, '-t', 'a', '-m', 'b', '-q', String(qos)])

      assert.equal(await pub.exitCode, 5)
      assert.match(await pub.stderr(), /unconfirmed/)
      assert.equal(broker.unexpected, 0)
    })

    test(`fault 9: mosquitto killed before its ${answers[qos]} is seen: nothing is confirmed by halves`, {
      skip: mosquittoMissing(),
    }, async (t) => {
      const broker = await startMosquitto()
      t.after(() => broker.stop())
      const packet = qos === 1 ? 'puback' : 'pubrec'
      const proxy = await startCuttingProxy(broker.port, [{ withhold: [{ from: 'server', packet }] }])
      t.after(proxy.close)
      const pub = runCli(['pub', '-l', ...proxy.flags, '-t', 'a', '-q', String(qos)], { stdin: 'one\n' })
      const line = await proxy.line(0)
      await line.whenPacket('server', packet)

      await broker.kill()
      await broker.restart()

      assert.equal(await pub.exitCode, 0)
      const again = proxy.lines.at(-1)
      assert.match(account(again?.packetsFrom('client') ?? [], 5), /^PUBLISH one(, PUBREL)?$/) // no session: no DUP
      assert.equal(
        again?.packetsFrom('server').some(({ type }) => type === (qos === 1 ? 'puback' : 'pubcomp')),
        true,
      )
    })
  }
})

function firstId(packets: readonly CutPacket[] = []): number | undefined {
  const publish = packets.find(({ type }) => type === 'publish')
  return publish && packetIdOf(publish)
}

async function publish(t: TestContext, qos: 1 | 2, sessionPresent: '00' | '01') {
  const back: Step[] = [
    { expect: 'connect' },
    { send: `2003${sessionPresent}0000` },
    {
      answer: (packet) => {
        const first = { publish: qos === 1 ? '40' : '50', pubrel: '70' }[packet.type as string]
        return first && `${first}02${packetIdOf(packet).toString(16).padStart(4, '0')}`
      },
    },
  ]
  const broker = await startScriptedBroker([killed, back])
  t.after(broker.close)
  const pub = runCli(['pub', '-l', ...broker.flags, '-t', 'a', '-q', String(qos)], { stdin: 'one\n' })
  return { pub, packets: async () => broker.connections.map(({ packets }) => packets) }
}
