import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Packet, ProtocolVersion } from '../../src/protocol/wire/packet.ts'
import { packetLine } from '../../src/render/packet-line.ts'
import { createTheme } from '../../src/render/theme.ts'
import {
  acknowledgement,
  auth,
  connack,
  connect,
  disconnect,
  pingreq,
  publish,
  suback,
  subscribe,
  unsuback,
  unsubscribe,
} from '../support/packets/packets.ts'

const theme = createTheme(false)
const canary = Buffer.from('canary')
const will = { topic: 'w', payload: canary, qos: 1, retain: true, properties: { willDelayInterval: 5 } } as const

const lines: readonly (readonly [packet: Packet, version: ProtocolVersion, line: string])[] = [
  [connect({ version: 4 }), 4, 'CONNECT     MQTT 3.1.1 client-id="c1" clean-session keep-alive=60s'],
  [
    connect({ cleanStart: false, username: 'bob', password: canary, will, properties: { sessionExpiryInterval: 9 } }),
    5,
    'CONNECT     MQTT 5 client-id="c1" keep-alive=60s username="bob" password=*** ' +
      'will=("w" qos=1 retain 6 B will-delay-interval=5) session-expiry-interval=9',
  ],
  [connack({}, { reasonCode: 5 }), 4, 'CONNACK     0x05 not authorized'],
  [
    connack({ maximumQoS: 1, userProperties: [['a', 'b c']] }, { sessionPresent: true }),
    5,
    'CONNACK     0x00 Success session-present maximum-qos=1 user-property="a":"b c"',
  ],
  [publish(), 5, 'PUBLISH     "home/door" qos=0 4 B "open"'],
  [
    publish({ qos: 2, packetId: 7, retain: true, dup: true, properties: { topicAlias: 3 } }),
    5,
    'PUBLISH     "home/door" qos=2 retain dup mid=7 4 B "open" topic-alias=3',
  ],
  [acknowledgement('puback', 7), 4, 'PUBACK      mid=7'],
  [
    acknowledgement('pubrec', 7, 0x87, { reasonString: 'no' }),
    5,
    'PUBREC      mid=7 0x87 Not authorized reason-string="no"',
  ],
  [subscribe(2, 'a/#', 'b'), 5, 'SUBSCRIBE   mid=2 "a/#" qos=1, "b" qos=1'],
  [suback(2, 1, 0x80), 4, 'SUBACK      mid=2 0x01 Success - Maximum QoS 1, 0x80 Failure'],
  [unsubscribe(3, 'a', 'b'), 5, 'UNSUBSCRIBE mid=3 "a", "b"'],
  [unsuback(3), 4, 'UNSUBACK    mid=3'],
  [pingreq, 5, 'PINGREQ'],
  [disconnect(), 4, 'DISCONNECT'],
  [disconnect(0x8e), 5, 'DISCONNECT  0x8E Session taken over'],
  [
    auth(0x18, { authenticationMethod: 'X', authenticationData: canary }),
    5,
    'AUTH        0x18 Continue authentication authentication-method="X" authentication-data=***',
  ],
]

for (const [packet, version, line] of lines) {
  test(`reads ${line}`, () => assert.equal(packetLine(packet, version, theme), line))
}

test('a lone topic alias is shown with the topic that it stands for', () => {
  const packet = publish({ topic: '', properties: { topicAlias: 3 } })

  const line = packetLine(packet, 5, theme, { topic: 'a/b' })

  assert.equal(line, 'PUBLISH     "a/b" qos=0 4 B "open" topic-alias=3')
})

test('SUBACK is shown with each filter beside its code, also when codes are missing', () => {
  const line = packetLine(suback(2, 0), 5, theme, { filters: ['a', 'b'] })

  assert.equal(line, 'SUBACK      mid=2 "a" 0x00 Granted QoS 0, "b"')
})

test('subscription options are named where they are not the ordinary ones', () => {
  const packet = subscribe(1, 'a')
  const options = { noLocal: true, retainAsPublished: true, retainHandling: 2 } as const

  const line = packetLine({ ...packet, subscriptions: [{ filter: 'a', qos: 2, ...options }] }, 5, theme)

  assert.equal(line, 'SUBSCRIBE   mid=1 "a" qos=2 no-local retain-as-published retain-handling=2')
})

test('nothing that came from outside reaches the terminal as a control character', () => {
  const evil = 'x\x1b[2J\u202e\x9b\n'
  const properties = { reasonString: evil, userProperties: [[evil, evil]] as const, contentType: evil }
  const packets: Packet[] = [
    publish({ topic: evil, payload: Buffer.from(evil), properties }),
    connect({ clientId: evil, username: evil, will: { ...will, topic: evil, properties } }),
    connack({ ...properties, serverReference: evil, assignedClientIdentifier: evil }),
    subscribe(1, evil),
    unsubscribe(1, evil),
    disconnect(0x8e, properties),
  ]

  for (const packet of packets) {
    assert.doesNotMatch(packetLine(packet, 5, theme, { topic: evil }), /[\x00-\x1f\x7f-\x9f\u202e]/)
  }
})

test('a topic as long as a topic can be does not make the line as long', () => {
  const line = packetLine(publish({ topic: 'ä'.repeat(30_000) }), 5, theme)

  assert.ok(line.length < 300)
  assert.match(line, /…"/)
})
