import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { Ajv } from 'ajv'
import { memoryUnknown } from '../../support/program/process-memory.ts'
import { recordingPeak } from '../../support/program/recorded-peak.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { accepts, grants } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { ScriptedConnection } from '../../support/scripted-broker/scripted-connection.ts'
import { hashingBroker } from './hashing-broker.ts'

const folder = temporaryFolder()
const schema = JSON.parse(readFileSync('docs/schemas/inspect-packet.schema.json', 'utf8'))
const validateRecord = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
/** What the four bytes of a Remaining Length can say at most. */
const remainingBytes = 268_435_455
const variableHeader = Buffer.from([0, 1, 0x61])
const payloadBytes = remainingBytes - variableHeader.length
/** Twice the message, and the program itself. */
const mostMegabytes = 2 * 256
/** Sent again and again: text, and no two lines of it alike. */
const block = Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => 33 + ((index * 7 + (index >> 8)) % 90)))

function pieces(): Buffer[] {
  return Array.from({ length: Math.ceil(payloadBytes / block.length) }, (_, index) =>
    block.subarray(0, Math.min(block.length, payloadBytes - index * block.length)),
  )
}

/** A message that is legal and too large to be made into text. */
const textTooLarge = Buffer.concat([
  Buffer.from('3286808010' + '000161' + '0007', 'hex'),
  Buffer.alloc(33_554_433, 'x'),
])

function sendLargest(connection: ScriptedConnection): void {
  connection.send(Buffer.concat([Buffer.from('30ffffff7f', 'hex'), variableHeader]))
  for (const piece of pieces()) connection.send(piece)
}

async function largestTo(t: TestContext, args: readonly string[], pipeline: (program: string) => string) {
  const broker = await startScriptedBroker([[...accepts(4), ...grants(4, '00'), { run: sendLargest }]])
  t.after(broker.close)
  const { program, peakMegabytes } = recordingPeak(pipeline)
  const [command = '', ...more] = args
  const run = runCli([command, '-V', '4', ...broker.flags, '-t', 'a', '-C', '1', ...more], {
    program,
  })
  assert.equal(await run.exitCode, 0, await run.stderr())
  t.diagnostic(`at most ${peakMegabytes().toFixed(0)} MB resident`)
  return { stdout: (await run.stdout()).toString(), peakMegabytes: peakMegabytes() }
}

describe('a legal message of 268,435,455 bytes', { skip: memoryUnknown }, () => {
  test('fault 6: sub delivers it to a pipe, byte for byte, in no more than twice its memory', async (t) => {
    const { stdout, peakMegabytes } = await largestTo(t, ['sub', '-N'], (program) => `${program} | sha256sum`)

    assert.equal(stdout.split(' ')[0], hashOf(pieces()))
    assert.ok(peakMegabytes < mostMegabytes, `${peakMegabytes} MB`)
  })
  for (const args of [['--json'], ['-F', '%x'], ['-F', '%j']]) {
    test(`fault 6: sub ${args.join(' ')} refuses what is too large to be made into text, and does not acknowledge it`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(4), ...grants(4, '01'), { send: textTooLarge }, { expect: 'disconnect' }],
      ])
      t.after(broker.close)

      const sub = runCli(['sub', '-V', '4', ...broker.flags, '-q', '1', '-t', 'a', ...args])

      assert.equal(await sub.exitCode, 7)
      assert.match(await sub.stderr(), /33554433/)
      await (await broker.connection(0)).scriptDone
    })
  }

  test('fault 6: inspect tells of it, with --trace beside it, in no more than twice its memory', async (t) => {
    const { stdout, peakMegabytes } = await largestTo(t, ['inspect', '--trace'], (program) => program)

    assert.match(stdout, /PUBLISH +"a" qos=0 268435452 B/)
    assert.match(stdout, /PUBLISH +← to client +1 +268435460/)
    assert.ok(peakMegabytes < mostMegabytes, `${peakMegabytes} MB`)
  })

  test('fault 6: inspect --json gives its size in place of what no string can hold', async (t) => {
    const { stdout, peakMegabytes } = await largestTo(t, ['inspect', '--json'], (program) => program)

    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const publish = records.find(({ packet }) => packet?.type === 'publish')
    const { payloadBytes: told, payload } = publish.packet
    assert.deepEqual([told, payload, publish.wire], [payloadBytes, undefined, undefined])
    assert.equal(validateRecord(publish), true)
    assert.ok(peakMegabytes < mostMegabytes, `${peakMegabytes} MB`)
  })

  for (const [flag, input] of [
    ['-s', '<'],
    ['-f', ''],
  ] as const) {
    test(`fault 6: pub ${flag} sends it in no more than twice its memory`, async (t) => {
      const file = join(folder, `largest${flag}`)
      writeFileSync(file, Buffer.concat(pieces()))
      const { flags, received } = await hashingBroker(t, 5 + remainingBytes)
      const { program, peakMegabytes } = recordingPeak((command) => `${command} ${input} ${file}`)

      const run = runCli(['pub', '-V', '4', ...flags, '-t', 'a', flag], { program })

      assert.equal(await run.exitCode, 0, await run.stderr())
      assert.equal(received(), hashOf([Buffer.from('30ffffff7f', 'hex'), variableHeader, ...pieces()]))
      assert.ok(peakMegabytes() < mostMegabytes, `${peakMegabytes()} MB`)
    })
  }
})

function hashOf(parts: readonly Buffer[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
