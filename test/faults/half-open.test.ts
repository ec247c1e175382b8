import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startCuttingProxy } from '../support/cutting-proxy.ts'
import { freePort } from '../support/free-port.ts'
import { mosquittoMissing, startMosquitto } from '../support/mosquitto.ts'
import { withPatience } from '../support/patience.ts'
import { runCli } from '../support/run-cli.ts'
import { NetworkNamespace, networkNamespaceMissing } from './network-namespace.ts'

const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js')
const keepAliveSeconds = 2
/** [MQTT5 §3.1.2.10], and a second; a busy machine gets half a second more. */
const foundWithinMs = 1.5 * keepAliveSeconds * 1000 + 1000 + 500
const flags = ['-k', String(keepAliveSeconds), '--reconnect-for', '0']

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
      const { proxy, port } = await frozenLater(t)
      const sub = runCli(['sub', ...proxy.flags, '-t', 'a', '-k', '1', '-C', '1', '-W', '30'])
      const line = await proxy.line(0)
      await line.whenPacket('server', 'suback')

      line.freeze()
      const second = await proxy.line(1)
      await second.whenPacket('server', 'suback')
      runCli(['pub', '-p', String(port), '-t', 'a', '-m', 'after'])

      assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, 'after\n'])
    })
  })

  const skip = mosquittoMissing() ?? networkNamespaceMissing()
  test('fault 7: packets dropped by a firewall, neither FIN nor RST: 5 in time', { skip }, async (t) => {
    const network = await NetworkNamespace.open()
    t.after(() => network.close())
    const port = await freePort()
    const [enter, ...inside] = network.enter
    const mosquitto = spawn(enter, [...inside, 'mosquitto', '-p', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    t.after(() => mosquitto.kill('SIGKILL'))
    await withPatience(once(mosquitto.stderr, 'data'), 'mosquitto')
    const node: [string, ...string[]] = [enter, ...inside, process.execPath, program]
    const sub = runCli(['sub', '-p', String(port), '-t', 'a', ...flags, '--trace'], { program: node })
    await sub.whenStderr(/SUBACK/)

    network.cutOff(port)
    const began = performance.now()

    assert.equal(await sub.exitCode, 5)
    assertFoundInTime(began)
  })
})

async function frozenLater(t: { after(hook: () => void): void }) {
  const broker = await startMosquitto()
  const proxy = await startCuttingProxy(broker.port)
  t.after(() => {
    proxy.close()
    void broker.stop()
  })
  return { proxy, port: broker.port }
}

function assertFoundInTime(beganMs: number): void {
  const tookMs = performance.now() - beganMs
  assert.ok(tookMs < foundWithinMs, `it took ${Math.round(tookMs)} ms`)
  assert.ok(tookMs > keepAliveSeconds * 500, 'it ended by something else')
}
