import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { benchSettingsFrom } from '../../../src/cli/settings/bench/bench.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const settingsOf = (size: string) =>
  benchSettingsFrom({ flags: { size }, words: [], typed: new Set(['size']), randomText: () => '' }, 'pubsub').bench

const mixed = (size: string): Changes => {
  const { payloadBytes, payloadMix } = settingsOf(size)
  return { payloadBytes, ...(payloadMix && { payloadMix }) }
}

/** The sizes of the payloads that a broker got, in their order, and what the run says of them. */
async function sizes(changes: Changes) {
  const found: number[] = []
  const broker = await startRelayBroker({
    packet: ({ type, bytes }) => {
      if (type !== 'publish') return
      const headerBytes = bytes[1]! < 0x80 ? 2 : 3
      const topicBytes = bytes.readUInt16BE(headerBytes)
      found.push(bytes.length - headerBytes - 2 - topicBytes - 1) // an empty property length
    },
  })
  try {
    const { result } = await runBench(benchContext(broker, { end: { by: 'messages', count: 4000 }, ...changes }))
    return { found, result }
  } finally {
    broker.close()
  }
}

describe('--size with shares', () => {
  test('sends each size in its part of the messages, and accounts for all', async () => {
    const { found, result } = await sizes({ ...mixed('64:90,1KiB:10'), seed: 3 })

    const large = found.filter((bytes) => bytes === 1024).length
    assert.equal(found.filter((bytes) => bytes === 64).length + large, 4000)
    assert.ok(large > 300 && large < 500, `${large} of 4000`)
    assert.equal(result.arrivals?.lost, 0)
    assert.equal(result.arrivals?.payloadBytes, 64 * (4000 - large) + 1024 * large)
    assert.deepEqual(result.payloadBytes, [64, 1024])
  })

  test('draws the same sizes with the same seed, over any number of threads and in any window', async () => {
    const mix = { ...mixed('30:1,40:1,50:2'), seed: 5 }
    const [one, same, other] = [
      await sizes(mix),
      await sizes({ ...mix, workers: 2, inflight: 7 }),
      await sizes({ ...mix, seed: 6 }),
    ]

    assert.deepEqual(same.found, one.found)
    assert.notDeepEqual(other.found, one.found)
  })

  for (const size of ['64:', '64:0', ':5', '64:90,', '64:1.5', '64-128:5', '10:5', '64:90;128:10', '64:2000000']) {
    test(`${size} is refused`, () => {
      assert.throws(
        () => settingsOf(size),
        (error) => error instanceof MqttCliError && error.kind === 'usage',
      )
    })
  }
})
