import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startWatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import type { Reach } from '../../support/transports/reach.ts'

const folder = temporaryFolder()
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
/** Larger than any buffer on the way. */
const large = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 2_654_435_761) & 0xff))

const payloads: ReadonlyArray<readonly [what: string, bytes: Buffer]> = [
  ['every byte value', everyByte],
  ['nothing', Buffer.alloc(0)],
  ['a newline at the end', Buffer.from('line\n')],
  ['newlines only', Buffer.from('\n\r\n\n')],
  ['NUL at both ends', Buffer.from('\0middle\0')],
  ['3,000,000 bytes', large],
]

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** One subscriber for all payloads, each framed by its hash on the way in: what it prints is their bytes and no more. */
async function roundTrip({ flags }: Reach, version: string): Promise<void> {
  const target = [...flags, '-V', version]
  const subscriber = runCli(['sub', ...target, '-q', '1', '-N', '-C', String(payloads.length), '-d', 'bytes'])
  await subscriber.whenStderr(/SUBACK/)

  for (const [index, [, bytes]] of payloads.entries()) {
    const file = join(folder, `payload-${index}`)
    writeFileSync(file, bytes)
    const isFromStdin = index % 2 === 0 && bytes.length > 0 // an empty stdin is a producer that failed
    const source = isFromStdin ? ['-s'] : ['-f', file]
    const run = runCli(['pub', ...target, '-q', '1', '-t', 'bytes', ...source], { stdin: isFromStdin ? bytes : '' })
    assert.equal(await run.exitCode, 0)
  }

  assert.equal(await subscriber.exitCode, 0)
  assert.equal(sha256(await subscriber.stdout()), sha256(Buffer.concat(payloads.map(([, bytes]) => bytes))))
}

describe('payloads of any bytes, from -f and -s to a pipe', () => {
  test(`fault 27: are byte-exact through the embedded broker: ${payloads.map(([what]) => what).join(', ')}`, async (t) => {
    const broker = await startWatchedBroker()
    t.after(() => broker.close())

    await roundTrip(broker, '5')
  })

  test('fault 27: are byte-exact through mosquitto at 3.1.1', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto({ largeMessages: true })
    t.after(() => broker.stop())

    await roundTrip(broker, '311')
  })

  test('fault 27: lines of any bytes are messages of just those bytes, the empty one and the unended one too', async (t) => {
    const broker = await startWatchedBroker()
    t.after(() => broker.close())
    const target = broker.flags
    const input = Buffer.concat([Buffer.from('\xff\0a\n\n\r\n', 'latin1'), everyByte])
    const subscriber = runCli(['sub', ...target, '-q', '2', '-C', '5', '-d', 'bytes'])
    await subscriber.whenStderr(/SUBACK/)

    const publisher = runCli(['pub', ...target, '-q', '2', '-l', '-t', 'bytes'], { stdin: input })

    assert.equal(await publisher.exitCode, 0)
    assert.equal(await subscriber.exitCode, 0)
    const shown = Buffer.concat([Buffer.from('\xff\0a\n\r\n', 'latin1'), everyByte, Buffer.from('\n')])
    assert.deepEqual(await subscriber.stdout(), shown) // an empty payload prints nothing without -v
  })
})
