import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { answersWaitedFor, type SlowLineOptions, type Step, startSlowLine } from '../../support/network/slow-line.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startTerminator } from '../../support/transports/terminator.ts'
import { type TransportName, transportTable } from '../../support/transports/transport-table.ts'

const run = promisify(execFile)
const transports = Object.values(transportTable)
const [node, program] = [process.execPath, join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')]
const publish = ['-t', 'a', '-m', 'b']

describe('a pub that is done', { skip: mosquittoMissing('mosquitto_pub') }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto()
  })
  after(() => broker.stop())

  async function lineTo(transport: TransportName, options: SlowLineOptions) {
    const terminator = await startTerminator(broker.port, transportTable[transport])
    const line = await startSlowLine(terminator, options)
    after(line.close)
    after(terminator.close)
    return line
  }

  for (const { name, isTls, isWebSocket } of transports) {
    for (const [qos, answers] of [
      ['0', 2], // CONNACK, and the PINGRESP that says that it has arrived
      ['1', 2], // CONNACK, PUBACK
      ['2', 3], // CONNACK, PUBREC, PUBCOMP
    ] as const) {
      test(`${name}, QoS ${qos}: says DISCONNECT and FIN after ${answers} answers, and waits for no farewell`, async () => {
        const handshakes = Number(isTls) + Number(isWebSocket)
        const line = await lineTo(name, { delayMs: 25, silentAfterAnswers: handshakes + answers })

        const cli = runCli(['pub', ...line.flags, ...publish, '-q', qos], {
          program: [node, '--require', withoutPatience(), program],
          timeLimitMs: 20_000,
        })

        assert.equal(await cli.exitCode, 0)
        assert.equal(answersWaitedFor(line.steps), handshakes + answers)
        assert.ok(
          line.steps.some(({ from, isEnd }) => from === 'client' && isEnd),
          'no FIN',
        )
      })
    }
  }

  for (const [qos, answers] of [
    ['1', 2],
    ['2', 3],
  ] as const) {
    test(`QoS ${qos}: waits for as many answers as mosquitto_pub`, async () => {
      const [ours, theirs] = [await lineTo('tcp', { delayMs: 25 }), await lineTo('tcp', { delayMs: 25 })]
      const words = [...publish, '-q', qos]

      await runCli(['pub', ...ours.flags, ...words]).exitCode
      await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', new URL(theirs.url).port, '-V', '5', ...words])

      assert.deepEqual([answersWaitedFor(ours.steps), answersWaitedFor(theirs.steps)], [answers, answers])
      assert.equal(lastBytes(ours.steps)?.toString('hex'), 'e000')
    })
  }

  for (const { name } of transports) {
    test(`${name}: its DISCONNECT arrives each time, and no will is published`, async () => {
      const line = await lineTo(name, { delayMs: 5 })
      const topic = `wills/${name}`
      const watching = runCli(['sub', '-p', String(broker.port), '-t', topic, '-C', '1', '-W', '50', '--trace'])
      await watching.whenStderr(/SUBACK/)
      const will = ['--will-topic', topic, '--will-payload', 'it vanished']

      const ends = Array.from({ length: 6 }, (_, index) =>
        runCli(['pub', ...line.flags, ...publish, ...will, '-q', String(index % 3)]),
      )
      const codes = await Promise.all(ends.map(({ exitCode }) => exitCode))
      await runCli(['pub', '-p', String(broker.port), '-t', topic, '-m', 'all have left', '-q', '1']).exitCode

      assert.deepEqual(codes, [0, 0, 0, 0, 0, 0])
      assert.equal((await watching.stdout()).toString(), 'all have left\n')
    })
  }
})

/**
 * Loaded before the program: no timer of a second or more fires, so who waits for a farewell waits until the test ends
 * it. The program's own patience for one is a second.
 */
function withoutPatience(): string {
  const file = join(temporaryFolder(), 'without-patience.cjs')
  writeFileSync(
    file,
    `const { setTimeout: start } = globalThis
globalThis.setTimeout = (fire, ms, ...rest) => start(fire, ms < 1000 ? ms : 2 ** 30, ...rest)`,
  )
  return file
}

function lastBytes(steps: readonly Step[]): Buffer | undefined {
  return steps.findLast(({ from, bytes }) => from === 'client' && bytes.length > 0)?.bytes
}
