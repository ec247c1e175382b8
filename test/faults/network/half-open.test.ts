import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { startCuttingProxy } from '../../support/network/cutting-proxy.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { assertFoundInTime, flags } from './found-in-time.ts'

describe('a connection that is half open', { concurrency: 4 }, () => {
  describe('behind a proxy that passes nothing on', { skip: mosquittoMissing(), concurrency: 4 }, () => {
    test('fault 7: an idle sub finds it within one and a half times the keep alive: 5', async (t) => {
      const { proxy } = await frozenLater(t)
      const sub = runCli(['sub', ...proxy.flags, '-t', 'a', ...flags])
      const line = await proxy.line(0)
      await line.whenPacket('server', 'suback')

      line.freeze()
      const began = performance.now()

      assert.equal(await sub.exitCode, 5)
      assert.match(await sub.stderr(), /did not answer a PINGREQ/)
      assertFoundInTime(began)
    })

    test('fault 7: a pub -l that goes on sending finds it too: 5, and names what is unconfirmed', async (t) => {
      const { proxy } = await frozenLater(t)
      const pub = runCli(['pub', '-l', ...proxy.flags, '-t', 'a', '-q', '1', ...flags], { stdin: 'open' })
      pub.child.stdin.write('one\n')
      const line = await proxy.line(0)
      await line.whenPacket('server', 'puback')

      line.freeze()
      const began = performance.now()
      const writing = setInterval(() => pub.child.stdin.write('more\n'), 100)
      t.after(() => clearInterval(writing))

      assert.equal(await pub.exitCode, 5)
      assert.match(await pub.stderr(), /Unconfirmed[^\n]*lines 2/)
      assertFoundInTime(began)
    })

    test('fault 7: by default sub connects again, and goes on', async (t) => {
      const { proxy, broker } = await frozenLater(t)
      const sub = runCli(['sub', ...proxy.flags, '-t', 'a', '-k', '1', '-C', '1', '-W', '30'])
      const line = await proxy.line(0)
      await line.whenPacket('server', 'suback')

      line.freeze()
      const second = await proxy.line(1)
      await second.whenPacket('server', 'suback')
      runCli(['pub', ...broker.flags, '-t', 'a', '-m', 'after'])

      assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, 'after\n'])
    })
  })
})

async function frozenLater(t: { after(hook: () => void): void }) {
  const broker = await startMosquitto()
  const proxy = await startCuttingProxy(broker.port)
  t.after(() => {
    proxy.close()
    void broker.stop()
  })
  return { proxy, broker }
}
