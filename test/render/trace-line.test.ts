import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireEvent } from '../../src/protocol/session/wire-event.ts'
import { createTheme } from '../../src/render/theme.ts'
import { traceLine } from '../../src/render/trace-line.ts'
import {
  acknowledgement,
  connack,
  connect,
  disconnect,
  pingreq,
  pingresp,
  publish,
  suback,
  subscribe,
} from '../support/packets/packets.ts'
import { TraceScript } from './trace-script.ts'

const theme = createTheme(false)

function lineOf(event: WireEvent): string {
  return traceLine(event, theme)
}

/** What stands after the times. */
function shown(event: WireEvent): string {
  return lineOf(event).replace(/^ *\d+ µs +\+\d+ µs /, '')
}

function connected(version: 4 | 5 = 5): TraceScript {
  const script = new TraceScript()
  script.client(connect({ version }))
  script.server(connack())
  return script
}

test('a line begins with µs since the start, µs since the packet before, and the direction', () => {
  const script = new TraceScript()

  const first = lineOf(script.client(pingreq))
  const second = lineOf(script.server(connack()))

  assert.match(first, /^ {6}100 µs {8}\+0 µs → PINGREQ/)
  assert.match(second, /^ {6}200 µs {6}\+100 µs ← CONNACK/)
})

test('the steps of a QoS 2 handshake name their publish, and the last one its total time', () => {
  const script = connected()

  const lines = [
    script.client(publish({ qos: 2, packetId: 1 })),
    script.server(acknowledgement('pubrec', 1)),
    script.client(acknowledgement('pubrel', 1)),
    script.server(acknowledgement('pubcomp', 1)),
  ].map(shown)

  assert.deepEqual(lines, [
    '→ PUBLISH     "home/door" qos=2 mid=1 4 B "open" · out#1',
    '← PUBREC      mid=1 0x00 Success · out#1 "home/door" received, 100 µs',
    '→ PUBREL      mid=1 0x00 Success · out#1 "home/door" released, 100 µs',
    '← PUBCOMP     mid=1 0x00 Success · out#1 "home/door" complete in 300 µs (PUBREC +100, PUBREL +100, PUBCOMP +100)',
  ])
})

test('two publishes under one identifier, ours and theirs, are told apart', () => {
  const script = connected(4)
  script.client(publish({ qos: 1, packetId: 1 }))
  script.server(publish({ topic: 'other', qos: 1, packetId: 1 }))

  assert.equal(
    shown(script.server(acknowledgement('puback', 1))),
    '← PUBACK      mid=1 · out#1 "home/door" complete in 200 µs',
  )
  assert.equal(
    shown(script.client(acknowledgement('puback', 1))),
    '→ PUBACK      mid=1 · in#1 "other" complete in 200 µs',
  )
})

test('a refused CONNACK is explained', () => {
  const script = new TraceScript()
  script.client(connect({ version: 4 }))

  const line = shown(script.server(connack({}, { reasonCode: 5 })))

  assert.match(line, /^← CONNACK {5}0x05 not authorized · refused: \S/)
})

test('a refused publish and a refused filter are explained', () => {
  const script = connected()
  script.client(publish({ qos: 1, packetId: 1 }))
  script.client(subscribe(2, 'a', 'secret/#'))

  const puback = shown(script.server(acknowledgement('puback', 1, 0x87)))
  const answer = shown(script.server(suback(2, 0, 0x87)))

  assert.match(puback, /0x87 Not authorized · out#1 "home\/door" refused: \S/)
  assert.match(answer, /"a" 0x00 Granted QoS 0, "secret\/#" 0x87 Not authorized .* · "secret\/#" refused: \S/)
})

test('a publish with an alias alone is shown with its topic', () => {
  const script = new TraceScript()
  script.client(connect())
  script.server(connack({ topicAliasMaximum: 5 }))
  script.client(publish({ topic: 'a/b', properties: { topicAlias: 1 } }))

  assert.match(shown(script.client(publish({ topic: '', properties: { topicAlias: 1 } }))), /PUBLISH {5}"a\/b" /)
})

test('broken rules and exceeded limits stand at the packet that broke them', () => {
  const script = connected()

  assert.match(shown(script.server(connack())), / · breaks \[MQTT-3\.2\.0-2\]: /)
  assert.match(
    shown(script.client(publish({ properties: { topicAlias: 1 } }))),
    / · above a limit: .*\[MQTT-3\.2\.2-18\]$/,
  )
})

test('an acknowledgement without a publish is marked', () => {
  assert.match(
    shown(connected().server(acknowledgement('puback', 9))),
    / · nothing under 9 waits for PUBACK · breaks \[MQTT-2\.2\.1-5\]/,
  )
})

test('bytes that are no packet are shown with rule and offset', () => {
  const violation = {
    packet: 'publish',
    offset: 4,
    rule: '[MQTT-1.5.4-1]',
    reasonCode: 0x81,
    message: 'the topic is not UTF-8',
  } as const

  assert.equal(
    shown(connected().server(violation)),
    '← bad PUBLISH, 10 B: the topic is not UTF-8, at byte 4 [MQTT-1.5.4-1]',
  )
})

test('PINGRESP says how long the answer took, DISCONNECT of the broker what it means', () => {
  const script = connected()
  script.client(pingreq)

  assert.equal(shown(script.server(pingresp)), '← PINGRESP · answered in 100 µs')
  assert.match(shown(script.server(disconnect(0x8e))), /0x8E Session taken over · the broker ends the connection: \S/)
})

test('packets of a later connection carry its number', () => {
  const script = connected()
  script.reconnect()

  assert.match(lineOf(script.client(connect())), / c2 → CONNECT /)
})

test('whatever passes is one line, without a control character and without a secret', () => {
  const evil = '\x1b]0;x\x07\r\n\u2028'
  const script = new TraceScript()
  const canary = Buffer.from('canary')
  const events = [
    script.client(connect({ clientId: evil, password: canary, properties: { authenticationData: canary } })),
    script.server(connack({ assignedClientIdentifier: evil, authenticationData: canary })),
    script.client(publish({ topic: evil, qos: 1, packetId: 1, payload: Buffer.from(evil) })),
    script.server(acknowledgement('puback', 1, 0x87, { reasonString: evil })),
    script.client(subscribe(1, evil)),
    script.server(suback(1, 0x87)),
    script.server({ offset: 0, rule: '[MQTT-2.1.3-1]', reasonCode: 0x81, message: evil }),
  ]

  for (const line of events.map(lineOf)) {
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u2028]/)
    assert.doesNotMatch(line, /canary/)
  }
})
