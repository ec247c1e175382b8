import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { decodePacket } from '../../src/protocol/wire/decode-packet.ts'
import type { Packet, Sender } from '../../src/protocol/wire/packet.ts'
import { packetRecord } from '../../src/render/packet-record.ts'
import { type ProxiedLine, startCuttingProxy } from '../support/network/cutting-proxy.ts'
import { freePort } from '../support/network/free-port.ts'
import { runCli } from '../support/program/run-cli.ts'

interface DemoRecord {
  readonly type: string
  readonly client?: string
  readonly trace?: {
    readonly sender: Sender
    readonly bytes: number
    readonly packet: { readonly type: string; readonly clientId?: string }
    readonly atMicroseconds: number
    readonly sincePreviousMicroseconds: number
  }
  readonly steps?: readonly { readonly packet: string; readonly sincePreviousMicroseconds: number }[]
  readonly [field: string]: unknown
}

async function demoRecords(...args: readonly string[]): Promise<DemoRecord[]> {
  const demo = runCli(['demo', '--json', ...args])
  const output = await demo.stdout()

  assert.equal(await demo.exitCode, 0)
  assert.equal(await demo.stderr(), '')
  return output
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('demo', () => {
  test('shows its four scenes, with the refusal explained and a last line on how to go on', async () => {
    const demo = runCli(['demo'], { timeLimitMs: 15_000 })
    const output = (await demo.stdout()).toString()

    assert.equal(await demo.exitCode, 0)
    const inOrder =
      /home\/#.*subscribed[\s\S]*QoS 0.*21\.5.*unit=°C[\s\S]*QoS 1.*open.*retained[\s\S]*QoS 2.*armed[\s\S]*PUBLISH[\s\S]*PUBREC[\s\S]*PUBREL[\s\S]*PUBCOMP[\s\S]*CONNACK +0x86 Bad User Name or Password\n.*user name and the password/
    assert.match(output, inOrder)
    assert.match(output.trimEnd().split('\n').at(-1) ?? '', /^Go on: mqtt-cli pub .*--help$/)
  })

  test('colours nothing in a pipe, and something where colour is asked for', async () => {
    const [plain, coloured] = [runCli(['demo']), runCli(['demo'], { env: { FORCE_COLOR: '1' } })]

    assert.doesNotMatch((await plain.stdout()).toString(), /\x1b/)
    assert.match((await coloured.stdout()).toString(), /\x1b\[/)
  })

  test('needs no terminal and nothing of the environment', async () => {
    const demo = runCli(['demo'], { env: { HOME: undefined, PATH: undefined, TERM: undefined } })

    assert.equal(await demo.exitCode, 0)
  })

  test('takes no words', async () => {
    const demo = runCli(['demo', 'word'])

    assert.equal(await demo.exitCode, 2)
    assert.match(await demo.stderr(), /demo takes no words/)
  })
})

describe('demo --json', () => {
  test('writes only records of its schema', async () => {
    const schemaOf = (name: string) =>
      JSON.parse(readFileSync(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8'))
    const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true })
    const isDemoRecord = ajv.addSchema(schemaOf('trace'), 'trace.schema.json').compile(schemaOf('demo'))

    for (const record of await demoRecords()) {
      assert.ok(isDemoRecord(record), `${JSON.stringify(record)}: ${JSON.stringify(isDemoRecord.errors)}`)
    }
  })

  test('times each step of the QoS 2 handshake, in order', async () => {
    const records = await demoRecords()

    const handshake = records.find(({ type }) => type === 'handshake')
    const packets = records.filter(({ type, client }) => type === 'packet' && client === handshake?.client)
    const steps = packets.filter(({ trace }) => /^pub/.test(trace?.packet.type ?? ''))
    assert.deepEqual(
      steps.map(({ trace }) => [trace?.packet.type, trace?.sender]),
      [
        ['publish', 'client'],
        ['pubrec', 'server'],
        ['pubrel', 'client'],
        ['pubcomp', 'server'],
      ],
    )
    assert.deepEqual(
      handshake?.steps?.map((step) => step.sincePreviousMicroseconds),
      steps.map(({ trace }) => trace?.sincePreviousMicroseconds),
    )
    const [first, last] = [steps[0]?.trace?.atMicroseconds ?? 0, steps[3]?.trace?.atMicroseconds ?? 0]
    assert.equal(handshake?.elapsedMicroseconds, last - first)
  })

  test('reports every packet that a recorder in front of the broker sees, and no other', async (t) => {
    const brokerPort = await freePort()
    const recorder = await startCuttingProxy(brokerPort)
    t.after(recorder.close)

    const records = await demoRecords('--port', String(brokerPort), '--through', String(recorder.port))

    const reported = records.flatMap(({ type, client, trace }) =>
      type === 'packet' && trace ? [{ client, ...trace }] : [],
    )
    const clients = [...new Set(reported.map(({ client }) => client))]
    assert.equal(recorder.lines.length, clients.length)
    assert.equal(clients.length, 5)
    for (const [index, client] of clients.entries()) {
      for (const sender of ['client', 'server'] as const) {
        const ofClient = reported.filter((packet) => packet.client === client && packet.sender === sender)
        assert.deepEqual(
          ofClient.map(({ bytes, packet }) => ({ bytes, packet })),
          recorded(recorder.lines[index]!, sender),
          `${client}, sent by the ${sender}`,
        )
        assert.ok(ofClient.length > 0)
      }
    }
  })
})

/** What the recorder saw, said in the words of the report. */
function recorded(line: ProxiedLine, sender: Sender): readonly { bytes: number; packet: unknown }[] {
  const all = line.bytesFrom(sender)
  const packets = line.packetsFrom(sender)
  assert.equal(Buffer.concat(packets.map(({ bytes }) => bytes)).compare(all), 0, 'no bytes between the packets')
  return packets.map(({ bytes }) => {
    const decoded = decodePacket(bytes, 0, bytes.length, { version: 5, sender }) as Packet
    return { bytes: bytes.length, packet: JSON.parse(JSON.stringify(packetRecord(decoded, 5))) }
  })
}
