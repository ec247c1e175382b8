import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { mosquittoMissing } from '../../support/brokers/mosquitto.ts'
import { freePort } from '../../support/network/free-port.ts'
import { NetworkNamespace, networkNamespaceMissing } from '../../support/network/network-namespace.ts'
import { withPatience } from '../../support/program/patience.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { assertFoundInTime, flags } from './found-in-time.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')

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
