import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProtocolVersion } from '../../src/protocol/wire/packet.ts'
import { plainWriter } from '../../src/render/plain-writer.ts'
import { mosquittoMissing } from '../support/brokers/mosquitto.ts'
import { type FrozenClock, mosquittoSubOutputs } from '../support/clients/mosquitto-sub.ts'
import { rendered, writerOf } from '../support/messages/rendered.ts'
import { messages, plainFormats, timeFormats } from '../vectors/format-table.ts'

describe('the same bytes as mosquitto_sub', { skip: mosquittoMissing('mosquitto_sub') }, () => {
  for (const version of [5, 4] as const) {
    test(`-F prints each message of the table alike at protocol level ${version}`, async () => {
      await compareFormats(plainFormats, version)
    })
  }

  const plainRows = [[], ['-v'], ['-N'], ['-v', '-N']]
  for (const args of plainRows) {
    test(`the output with [${args}] is alike, empty payloads included`, async () => {
      const [theirs] = await mosquittoSubOutputs(messages, [args], { version: 5 })

      const options = { verbose: args.includes('-v'), endOfLine: !args.includes('-N'), escape: false }
      assertSameBytes(rendered(plainWriter(options), messages), theirs!, String(args))
    })
  }

  test('-F with -N ends no line', async () => {
    const [theirs] = await mosquittoSubOutputs(messages, [['-N', '-F', '%t=%p;']], { version: 5 })

    assertSameBytes(rendered(writerOf('%t=%p;', { endOfLine: false }), messages), theirs!, '-N -F')
  })
})

describe('the same times as mosquitto_sub', { skip: mosquittoMissing('mosquitto_sub', 'faketime') }, () => {
  // Each moment is written in its own zone, as faketime reads it. The days are those on which week numbers go wrong.
  const moments: readonly (FrozenClock & { epochSeconds: bigint; nanoseconds?: bigint })[] = [
    { tz: 'UTC', at: '2026-01-02 03:04:05.5', epochSeconds: 1767323045n, nanoseconds: 500_000_000n },
    { tz: 'UTC', at: '2023-01-01 00:00:00', epochSeconds: 1672531200n },
    { tz: 'Europe/Berlin', at: '2024-12-30 23:59:59', epochSeconds: 1735599599n },
    { tz: 'Europe/Berlin', at: '2026-07-05 12:00:00', epochSeconds: 1783245600n },
    { tz: 'America/St_Johns', at: '2025-12-31 13:00:01', epochSeconds: 1767198601n },
    { tz: 'Asia/Kathmandu', at: '2027-01-03 00:30:00', epochSeconds: 1798915500n },
  ]
  for (const moment of moments) {
    test(`-F prints the time alike at ${moment.at} ${moment.tz}`, async () => {
      const epochNanoseconds = moment.epochSeconds * 1_000_000_000n + (moment.nanoseconds ?? 0n)

      await inTimeZone(moment.tz, () => compareFormats([...timeFormats, '@Z'], 5, moment, epochNanoseconds))
    })
  }
})

async function compareFormats(
  formats: readonly string[],
  version: ProtocolVersion,
  clock?: FrozenClock,
  epochNanoseconds = 0n,
): Promise<void> {
  const lists = formats.map((format) => ['-F', format])
  const theirs = await mosquittoSubOutputs(messages, lists, clock === undefined ? { version } : { version, clock })
  for (const [index, format] of formats.entries()) {
    assertSameBytes(rendered(writerOf(format), messages, { version, epochNanoseconds }), theirs[index]!, format)
  }
}

function assertSameBytes(ours: Buffer, theirs: Buffer, what: string): void {
  // Latin-1 shows every byte, so a difference is readable.
  assert.equal(ours.toString('latin1'), theirs.toString('latin1'), what)
}

async function inTimeZone(tz: string, work: () => Promise<void>): Promise<void> {
  const before = process.env.TZ
  process.env.TZ = tz
  try {
    await work()
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
}
