import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memoryUnknown } from '../../support/program/process-memory.ts'
import { recordingPeak } from '../../support/program/recorded-peak.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { accepts, identifierAt } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const filterCount = 10_000
const topicCount = 10_000
const retainedCount = 100_000
const mostMegabytes = 200
const filters = Array.from({ length: filterCount }, (_, index) => `t/${index}/+`)

/** SUBACK of MQTT 3.1.1 with a code for each filter: a Remaining Length of 10,002. */
const suback: Step = {
  send: (subscribe) => {
    const packetId = identifierAt(subscribe, 1 + lengthBytes(subscribe))
    return Buffer.concat([Buffer.from(`90924e${packetId}`, 'hex'), Buffer.alloc(filterCount)])
  },
}

function lengthBytes(packet: Buffer): number {
  return packet.subarray(1).findIndex((byte) => byte < 0x80) + 1
}

/** Retained, QoS 0, each of 16 bytes: `t/0000/x` with a number of four digits, and six bytes of payload. */
function retained(): Buffer {
  const packets = Buffer.alloc(retainedCount * 18)
  for (let index = 0; index < retainedCount; index++) {
    const topic = `t/${String(index % topicCount).padStart(4, '0')}/x`
    packets.set([0x31, 16, 0, topic.length], index * 18)
    packets.write(`${topic}${String(index).padStart(6, '0')}`, index * 18 + 4)
  }
  return packets
}

describe('100,000 retained messages on 10,000 topics, and 10,000 filters', { skip: memoryUnknown }, () => {
  for (const [command, count] of [
    ['sub', /099999$/],
    ['inspect', /PUBLISH +← to client +100000 +1800000/],
  ] as const) {
    test(`fault 36: ${command} takes them in bounded memory, and in seconds`, async (t) => {
      const broker = await startScriptedBroker([[...accepts(4), { expect: 'subscribe' }, suback, { send: retained() }]])
      t.after(broker.close)
      const { program, peakMegabytes } = recordingPeak((command) => `${command} | tail -30`)
      const args = [command, '-V', '4', ...broker.flags, '-C', String(retainedCount)]

      const run = runCli([...args, ...filters], { program, timeLimitMs: 40_000 })

      assert.equal(await run.exitCode, 0, await run.stderr())
      assert.match((await run.stdout()).toString().trim(), count)
      assert.ok(peakMegabytes() < mostMegabytes, `${peakMegabytes()} MB`)
    })
  }
})
