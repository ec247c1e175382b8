import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { assertRan, benchRun } from '../../support/bench/bench-run.ts'
import { freePort } from '../../support/network/free-port.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { type RelayBroker, type RelayOptions, startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const folder = temporaryFolder()

/** A broker, and the payloads that came: QoS 0 at MQTT 5, its properties between topic and payload. */
async function listening(options: RelayOptions = {}): Promise<RelayBroker & { readonly payloads: Buffer[] }> {
  const payloads: Buffer[] = []
  const broker = await startRelayBroker({
    ...options,
    packet: ({ type, bytes }) => type === 'publish' && payloads.push(payloadOf(bytes)),
  })
  return Object.assign(broker, { payloads })
}

function payloadOf(publish: Buffer): Buffer {
  const remainingLengthBytes = publish[1]! < 0x80 ? 1 : 2
  const propertiesAt = 1 + remainingLengthBytes + 2 + publish.readUInt16BE(1 + remainingLengthBytes)
  return publish.subarray(propertiesAt + 1 + publish[propertiesAt]!)
}

describe('the built program publishes', () => {
  for (const workers of ['1', '2']) {
    test(`a template, and matches what comes back, over ${workers} threads`, async (t) => {
      const broker = await listening()
      t.after(broker.close)
      const words = ['-p', broker.port, '-c', '2', '--workers', workers, '-I', 'c%i', '--messages', '6']

      const run = await benchRun([...words, '--template', '{"i":%i,"n":%s,"c":"%c","of":"100%%"}'])

      assertRan(run)
      assert.deepEqual([run.result.generator.workers, run.result.messages?.sent], [Number(workers), 6])
      const published = broker.payloads.map((payload) => JSON.parse(String(payload)))
      assert.deepEqual(
        published.map(({ i, n, c, of }) => `${i} ${n} ${c} ${of}`).sort(),
        ['0 0', '0 1', '0 2', '1 0', '1 1', '1 2'].map((each) => `${each} c${each[0] === '0' ? 2 : 3} 100%`),
      )
    })
  }

  test('the bytes of a file, as they are, and matches what comes back', async (t) => {
    const broker = await listening()
    t.after(broker.close)
    const bytes = Buffer.from([0, 0xff, 0x25, 0x69, 0x0a, 0x0d, 0x0a])
    const path = join(folder, 'payload')
    writeFileSync(path, bytes)

    const run = await benchRun(['-p', broker.port, '--payload-file', path, '--messages', '20'])

    assertRan(run)
    assert.deepEqual(broker.payloads, Array(20).fill(bytes))
    assert.deepEqual([run.result.arrivals?.received, run.result.arrivals?.lost], [20, 0])
    assert.deepEqual(run.result.payloadBytes, [7, 7])
  })
})

describe('the built program connects', () => {
  for (const workers of ['1', '2']) {
    test(`to what lives of a list of hosts, and says what does not, over ${workers} threads`, async (t) => {
      const dead = await freePort()
      const broker = await startRelayBroker()
      t.after(broker.close)
      const hosts = ['-h', `127.0.0.1:${dead},127.0.0.1:${broker.port}`, '--workers', workers]

      const { code, result } = await benchRun(['pub', ...hosts, '-c', '4', '--messages', '40'])

      assert.equal(code, 4)
      assert.deepEqual([result.connect.connected, result.connect.refused], [2, { ECONNREFUSED: 2 }])
      assert.equal(result.target, `mqtt://127.0.0.1:${dead},mqtt://127.0.0.1:${broker.port}`)
      assert.equal(broker.published, 20)
    })
  }

  test('from each of several local addresses', { skip: process.platform !== 'linux' }, async (t) => {
    const from: (string | undefined)[] = []
    const broker = await startRelayBroker({ connected: (_, socket) => from.push(socket.remoteAddress) })
    t.after(broker.close)
    const words = ['-p', broker.port, '-h', '127.0.0.1', '--ifaddr', '127.0.0.2,127.0.0.3', '--no-ask-broker']

    assertRan(await benchRun(['pub', ...words, '-c', '4', '--messages', '4']))

    assert.deepEqual(from.sort(), ['127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.3'])
  })
})
