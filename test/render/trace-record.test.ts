import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import type { WireEvent } from '../../src/protocol/session/wire-event.ts'
import { traceRecord } from '../../src/render/trace-record.ts'
import {
  acknowledgement,
  auth,
  connack,
  connect,
  disconnect,
  pingreq,
  pingresp,
  publish,
  suback,
  subscribe,
  unsuback,
  unsubscribe,
} from '../support/packets/packets.ts'
import { TraceScript } from './trace-script.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/trace.schema.json', import.meta.url), 'utf8'))
const isTraceRecord = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
const canary = Buffer.from('canary')

/** Every packet and every kind of fact, at one version. */
function everything(version: 4 | 5): WireEvent[] {
  const script = new TraceScript()
  const is5 = version === 5
  const method = is5 ? { authenticationMethod: 'X', authenticationData: canary } : {}
  const will = { topic: 'w', payload: canary, qos: 1, retain: true, properties: {} } as const
  return [
    script.client(connect({ version, username: 'bob', password: canary, will, properties: method })),
    ...(is5 ? [script.server(auth(0x18, method)), script.client(auth(0x18, method))] : []),
    script.server(connack({ ...method, ...(is5 ? { maximumQoS: 1, userProperties: [['a', 'b']] as const } : {}) })),
    script.client(subscribe(1, 'a', 'b')),
    script.server(suback(1, 0, 0x80)),
    script.client(unsubscribe(2, 'a')),
    script.server(is5 ? unsuback(2, 0) : unsuback(2)),
    script.client(publish({ qos: 2, packetId: 3 })),
    script.server(acknowledgement('pubrec', 3)),
    script.client(acknowledgement('pubrel', 3)),
    script.client(acknowledgement('pubrel', 3)),
    script.server(acknowledgement('pubcomp', 3)),
    script.client(publish({ qos: 1, packetId: 4, payload: Buffer.from([0xff]) })),
    script.server(acknowledgement('puback', 4, is5 ? 0x87 : 0)),
    script.server(acknowledgement('puback', 5)),
    script.server(publish({ properties: is5 ? { correlationData: canary, subscriptionIdentifier: [1] } : {} })),
    script.client(pingreq),
    script.server(pingresp),
    script.server(connack()),
    script.server({ packet: 'publish', offset: 1, rule: '[MQTT-1.5.5-1]', reasonCode: 0x81, message: 'too long' }),
    script.server(disconnect(is5 ? 0x8b : 0)),
  ]
}

for (const version of [4, 5] as const) {
  test(`every record at version ${version} is as its schema says, after a way through JSON`, () => {
    for (const event of everything(version)) {
      const record = JSON.parse(JSON.stringify(traceRecord(event)))
      assert.ok(isTraceRecord(record), `${JSON.stringify(record)}\n${JSON.stringify(isTraceRecord.errors)}`)
    }
  })
}

test('the schema refuses a password and a field that it does not know', () => {
  const [opening] = everything(5)
  assert.ok(opening)
  const record = JSON.parse(JSON.stringify(traceRecord(opening)))

  assert.equal(isTraceRecord({ ...record, packet: { ...record.packet, password: 'canary' } }), false)
  assert.equal(isTraceRecord({ ...record, surprise: 1 }), false)
  assert.equal(isTraceRecord(record), true)
})

test('no secret is in any record', () => {
  const text = everything(5)
    .filter(({ packet }) => packet?.type !== 'publish') // whose correlation data and payload are no secrets
    .map((event) => JSON.stringify(traceRecord(event)))
    .join('\n')

  assert.doesNotMatch(text, /canary|Y2FuYXJ5/) // nor in base64
})

test('a completed handshake has its steps and its total in the record of the last packet', () => {
  const script = new TraceScript()
  script.client(connect())
  script.server(connack())
  script.client(publish({ qos: 1, packetId: 1 }))

  const record = traceRecord(script.server(acknowledgement('puback', 1)))

  assert.deepEqual(record, {
    v: 1,
    connection: 1,
    sender: 'server',
    protocolVersion: 5,
    atMicroseconds: 400,
    sincePreviousMicroseconds: 100,
    bytes: 10,
    packet: { type: 'puback', packetId: 1, reasonCode: 0, reasonName: 'Success' },
    facts: [
      {
        kind: 'publish-completed',
        publish: { sender: 'client', number: 1, topic: 'home/door', qos: 1, startedAtMicroseconds: 300, packetId: 1 },
        reasonCode: 0,
        reasonName: 'Success',
        steps: [
          { packet: 'publish', atMicroseconds: 300, sincePreviousMicroseconds: 0 },
          { packet: 'puback', atMicroseconds: 400, sincePreviousMicroseconds: 100 },
        ],
        elapsedMicroseconds: 100,
      },
    ],
  })
})
