import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { temporaryFolder } from '../support/program/temp-folder.ts'
import { startWatchedBroker } from '../support/scripted-broker/watched-broker.ts'
import type { Reach } from '../support/transports/reach.ts'

const large = randomBytes(5_000_000)
const file = join(temporaryFolder(), 'large')
writeFileSync(file, large)
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const brokers = [
  { name: 'mosquitto', skip: mosquittoMissing(), start: () => startMosquitto({ largeMessages: true }) },
  { name: 'the embedded broker', skip: undefined, start: started },
] as const

for (const { name, skip, start } of brokers) {
  describe(`messages of 5 MB through ${name}`, { skip }, () => {
    let broker: Reach & { stop(): Promise<void> }
    before(async () => {
      broker = await start()
    })
    after(() => broker.stop())

    for (const qos of ['0', '1', '2']) {
      test(`arrive byte for byte at QoS ${qos}, between small ones`, async () => {
        const target = [...broker.flags, '-t', `large/${qos}`, '-q', qos]
        const sub = runCli(['sub', ...target, '-N', '-C', '4', '--trace'])
        await sub.whenStderr(/SUBACK/)

        for (const what of [['-m', 'before'], ['-f', file], ['-s'], ['-m', 'behind']]) {
          const pub = runCli(['pub', ...target, ...what], { stdin: large })
          assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
        }

        assert.equal(await sub.exitCode, 0)
        const expected = Buffer.concat([Buffer.from('before'), large, large, Buffer.from('behind')])
        assert.equal(sha256(await sub.stdout()), sha256(expected))
      })
    }
  })
}

async function started() {
  const broker = await startWatchedBroker()
  return { ...broker, stop: broker.close }
}
