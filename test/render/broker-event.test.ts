import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import type { BrokerEvent } from '../../src/features/embedded-broker/events.ts'
import { brokerEventLine, brokerEventRecord } from '../../src/render/broker-event.ts'
import { createTheme } from '../../src/render/theme.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/broker-event.schema.json', import.meta.url), 'utf8'))
const isBrokerEvent = new Ajv({ strict: true, strictRequired: false }).compile(schema)

const violation = {
  packet: 'publish',
  offset: 2,
  rule: '[MQTT-3.3.2-2]',
  reasonCode: 0x81,
  message: 'a wildcard',
} as const
const who = { connection: 3, clientId: 'home' }

const cases: readonly (readonly [BrokerEvent, line: string])[] = [
  [{ connection: 3, event: 'opened', transport: 'tcp', remote: '127.0.0.1:5' }, '#3 opened from 127.0.0.1:5 (tcp)'],
  [
    { ...who, event: 'connected', version: 5, username: 'anna', cleanStart: false, sessionPresent: true },
    '#3 "home" connected as "anna", MQTT 5, with its session',
  ],
  [
    { ...who, event: 'connected', version: 4, cleanStart: true, sessionPresent: false },
    '#3 "home" connected, MQTT 3.1.1, with a clean start',
  ],
  [
    { ...who, event: 'connected', version: 3, cleanStart: false, sessionPresent: false },
    '#3 "home" connected, MQTT 3.1, with a new session',
  ],
  [{ ...who, event: 'refused', version: 5, reasonCode: 0x86 }, '#3 "home" refused 0x86 Bad User Name or Password'],
  [{ ...who, event: 'subscribed', filter: 'a/#', reasonCode: 1 }, '#3 "home" subscribed "a/#" QoS 1'],
  [
    { ...who, event: 'subscribed', filter: 'a/#', reasonCode: 0x87 },
    '#3 "home" may not subscribe to "a/#": 0x87 Not authorized',
  ],
  [{ ...who, event: 'unsubscribed', filters: ['a', 'b'] }, '#3 "home" unsubscribed "a" "b"'],
  [
    { ...who, event: 'published', topic: 'a\x1b[2J', qos: 2, retain: true, payloadBytes: 7 },
    '#3 "home" published "a\\x1b[2J" QoS 2 retained, 7 B',
  ],
  [{ ...who, event: 'denied', topic: 'a', reasonCode: 0x87 }, '#3 "home" denied "a" 0x87 Not authorized'],
  [{ ...who, event: 'dropped', topic: 'a', cause: 'queue full' }, '#3 "home" dropped a message on "a": queue full'],
  [{ ...who, event: 'violation', violation }, '#3 "home" bad PUBLISH: a wildcard, at byte 2 [MQTT-3.3.2-2]'],
  [{ ...who, event: 'fault', error: new Error('oh\x07') }, '#3 "home" an error inside the broker: oh\\x07'],
  [{ ...who, event: 'closed', cause: 'DISCONNECT' }, '#3 "home" closed: DISCONNECT'],
]

for (const [event, line] of cases) {
  test(`shows ${line}`, () => {
    assert.equal(brokerEventLine(event, createTheme(false)), line)
  })

  test(`writes ${event.event} as the schema has it`, () => {
    const record = JSON.parse(JSON.stringify(brokerEventRecord(event, '2026-01-02T03:04:05.678Z')))

    assert.equal(isBrokerEvent(record), true, JSON.stringify(isBrokerEvent.errors))
    assert.equal(record.type, event.event)
  })
}

test('the schema refuses a record with a field too many', () => {
  const record = { v: 1, ts: '2026-01-02T03:04:05.678Z', type: 'closed', connection: 1, cause: 'x', payload: 'secret' }

  assert.equal(isBrokerEvent(record), false)
})
