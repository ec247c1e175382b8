import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { mosquittoMissing } from '../../support/brokers/mosquitto.ts'
import { type FrozenClock, mosquittoSubOutputs } from '../../support/clients/mosquitto-sub.ts'
import { startMessageSource } from '../../support/messages/message-source.ts'
import { publishBytes } from '../../support/packets/publish-bytes.ts'
import { type RunOptions, runCli } from '../../support/program/run-cli.ts'
import { messages, plainFormats, timeFormats } from '../../vectors/format-table.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const versionNames = { 3: '3.1', 4: '3.1.1', 5: '5' } as const

/** Many formats in one, since each run of either program is a process; what stands between them is theirs alone. */
function joined(formats: readonly string[]): string {
  return formats.map((format, index) => `${format}\\n<${index}>`).join('')
}

async function ourOutput(args: readonly string[], version: ProtocolVersion, clock?: FrozenClock): Promise<Buffer> {
  const packets = messages.map((message) => publishBytes(message, version))
  const source = await startMessageSource(packets, version)
  const target = ['-p', String(source.port), '-V', versionNames[version], '-t', '#', '-q', '2']
  const cli = runCli(
    ['sub', ...target, '-C', String(messages.length), ...args],
    clock === undefined ? {} : frozen(clock),
  )
  try {
    assert.equal(await cli.exitCode, 0, await cli.stderr())
    return await cli.stdout()
  } finally {
    await source.close()
  }
}

/** The wall clock held still, the monotonic one left alone. */
function frozen({ at, tz }: FrozenClock): RunOptions {
  return {
    program: ['faketime', '-f', at, process.execPath, program],
    env: { TZ: tz, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
  }
}

async function compare(args: readonly string[], version: ProtocolVersion, clock?: FrozenClock): Promise<void> {
  const options = clock === undefined ? { version } : { version, clock }
  const [theirs] = await mosquittoSubOutputs(messages, [args], options)
  const ours = await ourOutput(args, version, clock)

  // Latin-1 shows every byte, so a difference is readable.
  assert.equal(ours.toString('latin1'), theirs?.toString('latin1'))
  assert.ok(ours.length > 0, 'something was printed')
}

describe('sub prints the same bytes as mosquitto_sub', { skip: mosquittoMissing('mosquitto_sub') }, () => {
  for (const version of [5, 4] as const) {
    test(`with -F, every format and message of the table, at protocol level ${version}`, async () => {
      await compare(['-F', joined(plainFormats)], version)
    })
  }

  test('with -v', async () => {
    await compare(['-v'], 5)
  })

  test('without any option', async () => {
    await compare([], 5)
  })

  test('with -N', async () => {
    await compare(['-N'], 4)
  })
})

describe('sub prints the same times as mosquitto_sub', { skip: mosquittoMissing('mosquitto_sub', 'faketime') }, () => {
  const moments: readonly FrozenClock[] = [
    { tz: 'UTC', at: '2026-01-02 03:04:05.5' },
    { tz: 'Europe/Berlin', at: '2024-12-30 23:59:59' },
    { tz: 'Asia/Kathmandu', at: '2027-01-03 00:30:00' },
  ]
  for (const moment of moments) {
    test(`with -F, at ${moment.at} ${moment.tz}, the wall clock held still`, async () => {
      await compare(['-F', joined([...timeFormats, '@Z'])], 5, moment)
    })
  }
})

describe('a message that does not have what the format asks for', { concurrency: 2 }, () => {
  for (const [format, problem] of [
    ['%t %J', /^note: the payload on a\/b is not valid JSON$/m],
    ['%t %f', /^note: the payload on a\/b has 5 bytes; this number takes 4$/m],
    ['%t %d', /^note: the payload on a\/b has 5 bytes; this number takes 8$/m],
  ] as const) {
    test(`${format}: a warning on stderr, as mosquitto_sub has it, and on with the next`, async () => {
      const packets = ['hello', '{"a":1}'].map((payload) => publishBytes({ topic: 'a/b', payload }, 4))
      const source = await startMessageSource(packets, 4)
      const run = runCli(['sub', '-p', String(source.port), '-V', '4', '-t', '#', '-C', '2', '-F', format])

      assert.equal(await run.exitCode, 0)
      await source.close()
      assert.match(await run.stderr(), problem)
      assert.equal((await run.stdout()).toString().split('\n').length, 3)
    })
  }
})
