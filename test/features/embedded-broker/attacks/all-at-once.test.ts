import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { PacketClient } from '../../../support/clients/packet-client.ts'
import { publish } from '../../../support/packets/packets.ts'
import { type CliHandle, runCli } from '../../../support/program/run-cli.ts'
import { matrixCell } from '../../../support/transports/matrix-cell.ts'
import { subscribeTo } from '../subscriptions.ts'
import { attacks } from './hostile-clients.ts'
import { residentPeakMiB } from './memory.ts'

const limitMiB = 64
/** Node itself, our code, and above all bytes that are garbage and not collected yet: beside what the limit is about. */
const besideMiB = 448
const seconds = matrixCell === undefined ? 6 : 60
const answerMs = 2000
const topic = 'innocent/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p'
const script = join(import.meta.dirname, 'hostile-process.mts')

let broker: CliHandle
let ports: readonly [mqtt: number, webSocket: number]
let hostile: readonly ChildProcess[] = []

describe('fault 48: all attacks at once', { skip: process.platform !== 'linux' && 'memory is read from /proc' }, () => {
  before(async () => {
    broker = runCli(['broker', '-p', '0', '--ws-port', '0', '--memory-limit', `${limitMiB}MiB`], {
      timeLimitMs: 180_000,
    })
    const [, mqtt, webSocket] = await broker.whenStdout(/:(\d+)\nws:\S+:(\d+)\n/)
    ports = [Number(mqtt), Number(webSocket)]
    hostile = await Promise.all(dealtOut(5).map(begin))
  })

  after(() => {
    for (const child of hostile) child.kill('SIGKILL')
    broker.kill('SIGKILL')
  })

  test(`an innocent client is answered within 2 s, and memory stays within ${limitMiB} MiB and what Node needs`, async (t) => {
    const innocent = await PacketClient.open(ports[0], { clientId: 'innocent' })
    innocent.send(subscribeTo(topic, 1))
    await innocent.when('suback')
    const slowest: number[] = []
    const until = performance.now() + seconds * 1000

    for (let turn = 1; performance.now() < until; turn++) slowest.push(await roundTrip(innocent, turn))

    const peakMiB = residentPeakMiB(broker.child.pid)
    const slowestMs = Math.max(...slowest)
    const figures = `${slowest.length} answers, the slowest after ${Math.round(slowestMs)} ms; peak ${peakMiB} MiB`
    t.diagnostic(figures)
    assert.ok(slowestMs < answerMs, figures)
    assert.ok(peakMiB < limitMiB + besideMiB, figures)
    assert.equal(innocent.raw.isClosed, false)
    innocent.close()
  })

  test('and when they are gone, it still ends as asked', async () => {
    for (const child of hostile) child.kill('SIGKILL')

    broker.kill('SIGTERM')

    assert.equal(await broker.exitCode, 143)
  })
})

async function begin(names: readonly string[]): Promise<ChildProcess> {
  const args = ['--import', 'tsx', script, ports.join(','), ...names]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return child
}

/** So many processes, the attacks dealt out among them. */
function dealtOut(processes: number): readonly (readonly string[])[] {
  const names = Object.keys(attacks)
  return Array.from({ length: processes }, (_, index) => names.filter((_name, at) => at % processes === index))
}

/** From a publish to its acknowledgement and to its coming back, milliseconds. */
async function roundTrip(client: PacketClient, turn: number): Promise<number> {
  const began = performance.now()
  const [acknowledged, arrived] = [client.when('puback', turn), client.when('publish', turn)]
  client.send(publish({ topic, qos: 1, packetId: turn }))
  await acknowledged
  const { packetId = 0 } = await arrived
  client.send({ type: 'puback', packetId, reasonCode: 0, properties: {} })
  return performance.now() - began
}
