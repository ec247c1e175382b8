import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextConnection } from '../../../src/protocol/session/conversation-state.ts'
import { acknowledgement, connack, connect, publish } from '../../support/packets/packets.ts'
import { connected, kinds, rules, Script } from './conversation-script.ts'

const qos1 = publish({ qos: 1, packetId: 1 })
const qos2 = publish({ qos: 2, packetId: 1 })

test('a QoS 0 publish starts and has no further steps', () => {
  const script = connected()

  const facts = script.client(publish({ topic: 'a' }))

  const reference = { sender: 'client', number: 1, topic: 'a', qos: 0, startedAtMicroseconds: 20 }
  assert.deepEqual(facts, [{ kind: 'publish-started', publish: reference }])
  assert.equal(script.conversation.client.inFlight.size, 0)
})

test('a QoS 1 publish is complete with its PUBACK, with the time it took', () => {
  const script = connected()
  script.client(qos1)

  const facts = script.server(acknowledgement('puback', 1))

  assert.deepEqual(facts, [
    {
      kind: 'publish-completed',
      publish: { sender: 'client', number: 1, topic: 'home/door', qos: 1, startedAtMicroseconds: 20, packetId: 1 },
      version: 5,
      reasonCode: 0,
      steps: [
        { packet: 'publish', atMicroseconds: 20, sincePreviousMicroseconds: 0 },
        { packet: 'puback', atMicroseconds: 30, sincePreviousMicroseconds: 10 },
      ],
      elapsedMicroseconds: 10,
    },
  ])
})

test('a QoS 2 publish is started, received, released and completed, step by step', () => {
  const script = connected()

  const told = [
    script.client(qos2),
    script.server(acknowledgement('pubrec', 1)),
    script.client(acknowledgement('pubrel', 1)),
    script.server(acknowledgement('pubcomp', 1)),
  ]

  assert.deepEqual(told.map(kinds), [
    ['publish-started'],
    ['publish-received'],
    ['publish-released'],
    ['publish-completed'],
  ])
  const last = told[3]?.[0]
  assert.ok(last?.kind === 'publish-completed')
  assert.equal(last.elapsedMicroseconds, 30)
  assert.deepEqual(
    last.steps.map(({ packet, sincePreviousMicroseconds }) => [packet, sincePreviousMicroseconds]),
    [
      ['publish', 0],
      ['pubrec', 10],
      ['pubrel', 10],
      ['pubcomp', 10],
    ],
  )
})

test("the broker's publishes are followed the same way, the client acknowledging", () => {
  const script = connected()

  const told = [
    script.server(qos2),
    script.client(acknowledgement('pubrec', 1)),
    script.server(acknowledgement('pubrel', 1)),
    script.client(acknowledgement('pubcomp', 1)),
  ]

  const last = told[3]?.[0]
  assert.ok(last?.kind === 'publish-completed')
  assert.equal(last.publish.sender, 'server')
  assert.deepEqual(told.flatMap(rules), [])
})

test('both sides may have the same identifier under way at once', () => {
  const script = connected()
  script.client(qos1)
  script.server(publish({ topic: 'other', qos: 1, packetId: 1 }))

  const [ours] = script.server(acknowledgement('puback', 1))
  const [theirs] = script.client(acknowledgement('puback', 1))

  assert.equal(ours?.kind === 'publish-completed' && ours.publish.topic, 'home/door')
  assert.equal(theirs?.kind === 'publish-completed' && theirs.publish.topic, 'other')
})

for (const type of ['puback', 'pubrec'] as const) {
  test(`${type} with 0x80 or above refuses the publish and ends its handshake [MQTT-4.4.0-2]`, () => {
    const script = connected()
    script.client(type === 'puback' ? qos1 : qos2)

    const [fact] = script.server(acknowledgement(type, 1, 0x87))

    assert.equal(fact?.kind, 'publish-refused')
    assert.equal(fact.kind === 'publish-refused' && fact.reasonCode, 0x87)
    assert.equal(script.conversation.client.inFlight.size, 0)
    assert.equal(script.conversation.client.unacknowledged, 0)
  })
}

test('an acknowledgement that nobody waits for is unmatched [MQTT-2.2.1-5]', () => {
  for (const type of ['puback', 'pubrec', 'pubcomp'] as const) {
    const facts = connected().server(acknowledgement(type, 9))

    assert.deepEqual(facts[0], {
      kind: 'unmatched-acknowledgement',
      by: 'server',
      packet: type,
      packetId: 9,
      sessionUnseen: false,
    })
    assert.deepEqual(rules(facts), ['[MQTT-2.2.1-5]'])
  }
})

test('a PUBCOMP that says Packet Identifier not found breaks no rule', () => {
  const facts = connected().server(acknowledgement('pubcomp', 9, 0x92))

  assert.deepEqual(kinds(facts), ['unmatched-acknowledgement'])
})

test('PUBACK for a QoS 2 publish names what was due, and completes nothing [MQTT-3.3.4-1]', () => {
  const script = connected()
  script.client(qos2)

  const facts = script.server(acknowledgement('puback', 1))

  assert.deepEqual(kinds(facts), ['unmatched-acknowledgement', 'statement-violated'])
  assert.equal(facts[0]?.kind === 'unmatched-acknowledgement' && facts[0].expected, 'pubrec')
  assert.deepEqual(rules(facts), ['[MQTT-3.3.4-1]'])
  assert.equal(script.conversation.client.inFlight.size, 1)
})

test('PUBREC and PUBREL that come again are duplicates', () => {
  const script = connected()
  script.client(qos2)
  script.server(acknowledgement('pubrec', 1))

  const pubrec = script.server(acknowledgement('pubrec', 1))
  script.client(acknowledgement('pubrel', 1))
  const pubrel = script.client(acknowledgement('pubrel', 1))

  assert.deepEqual(kinds(pubrec), ['duplicate'])
  assert.deepEqual(kinds(pubrel), ['duplicate'])
})

test('a new message under an identifier in use breaks a rule of its sender [MQTT-2.2.1-3] [MQTT-2.2.1-4]', () => {
  const script = connected()
  script.client(qos1)
  script.server(qos1)

  assert.deepEqual(rules(script.client({ ...qos1, topic: 'x' })), ['[MQTT-2.2.1-3]'])
  assert.deepEqual(rules(script.server({ ...qos1, topic: 'x' })), ['[MQTT-2.2.1-4]'])
})

test('sending again on one connection is forbidden at 5 and allowed below it [MQTT-4.4.0-1]', () => {
  const again = { ...qos1, dup: true }
  const at5 = connected(5)
  const at311 = connected(4)
  at5.client(qos1)
  at311.client(qos1)

  assert.deepEqual(rules(at5.client(again)), ['[MQTT-4.4.0-1]'])
  assert.deepEqual(kinds(at311.client(again)), ['duplicate'])
})

test('PUBLISH after its PUBREL breaks the handshake [MQTT-4.3.3-6]', () => {
  const script = connected(4)
  script.client(qos2)
  script.server(acknowledgement('pubrec', 1))
  script.client(acknowledgement('pubrel', 1))

  assert.deepEqual(rules(script.client({ ...qos2, dup: true })), ['[MQTT-3.1.1:4.3.3-1]'])
})

test('DUP on the first sending in a fresh session is wrong [MQTT-4.3.2-2] [MQTT-4.3.3-2]', () => {
  assert.deepEqual(rules(connected().client({ ...qos1, dup: true })), ['[MQTT-4.3.2-2]'])
  assert.deepEqual(rules(connected().client({ ...qos2, dup: true })), ['[MQTT-4.3.3-2]'])
})

/** The same client on a second connection, its session kept or lost. */
function reconnected(before: Script, sessionPresent: boolean): Script {
  const script = new Script(nextConnection(before.conversation))
  script.client(connect({ cleanStart: false }))
  script.server(connack({}, { sessionPresent }))
  return script
}

test('over a reconnect with the session kept, a publish sent again with DUP goes on where it was [MQTT-4.4.0-1]', () => {
  const first = connected()
  first.client(qos1)
  const second = reconnected(first, true)

  const again = second.client({ ...qos1, dup: true })
  const done = second.server(acknowledgement('puback', 1))

  assert.deepEqual(kinds(again), ['duplicate'])
  assert.deepEqual(kinds(done), ['publish-completed'])
  assert.equal(done[0]?.kind === 'publish-completed' && done[0].publish.number, 1)
})

test('over a reconnect, a publish sent again without DUP is found [MQTT-3.3.1-1]', () => {
  const first = connected()
  first.client(qos1)

  assert.deepEqual(rules(reconnected(first, true).client(qos1)), ['[MQTT-3.3.1-1]'])
})

test('over a reconnect with the session kept, PUBREL alone finishes a QoS 2 publish', () => {
  const first = connected()
  first.client(qos2)
  first.server(acknowledgement('pubrec', 1))
  first.client(acknowledgement('pubrel', 1))
  const second = reconnected(first, true)

  const pubrel = second.client(acknowledgement('pubrel', 1))
  const pubcomp = second.server(acknowledgement('pubcomp', 1))

  assert.deepEqual(kinds(pubrel), ['duplicate'])
  assert.deepEqual(kinds(pubcomp), ['publish-completed'])
  assert.equal(second.conversation.client.unacknowledged, 0)
})

test('with the session lost, nothing is in flight, and the publish anew is a first one [MQTT-3.2.2-5]', () => {
  const first = connected()
  first.client(qos1)
  const second = reconnected(first, false)

  const facts = second.client(qos1)

  assert.deepEqual(kinds(facts), ['publish-started'])
  assert.equal(facts[0]?.kind === 'publish-started' && facts[0].publish.number, 2)
})

test('a client acknowledges in the order in which the messages came [MQTT-4.6.0-2] [MQTT-4.6.0-3] [MQTT-4.6.0-4]', () => {
  const script = connected()
  for (const packetId of [1, 2]) script.server(publish({ qos: 1, packetId }))
  for (const packetId of [3, 4, 5]) script.server(publish({ qos: 2, packetId }))
  for (const packetId of [6, 7]) script.client(publish({ qos: 2, packetId }))
  for (const packetId of [7, 6]) script.server(acknowledgement('pubrec', packetId))

  const puback = [2, 1].map((id) => rules(script.client(acknowledgement('puback', id))))
  const pubrec = [3, 5, 4].map((id) => rules(script.client(acknowledgement('pubrec', id))))
  const pubrel = [6, 7].map((id) => rules(script.client(acknowledgement('pubrel', id))))

  assert.deepEqual(puback, [[], ['[MQTT-4.6.0-2]']])
  assert.deepEqual(pubrec, [[], [], ['[MQTT-4.6.0-3]']])
  assert.deepEqual(pubrel, [[], ['[MQTT-4.6.0-4]']])
})

test('observing changes nothing in the conversation before', () => {
  const script = connected()
  script.client(qos2)
  const before = script.conversation
  const copy = structuredClone(before)

  script.server(acknowledgement('pubrec', 1))
  script.client(publish({ qos: 1, packetId: 2 }))

  assert.deepEqual(before, copy)
})

test('a publish that is sent for ever does not make the conversation grow', () => {
  const script = connected(4)
  script.client(qos1)
  for (let count = 0; count < 100; count++) script.client({ ...qos1, dup: true })

  const [fact] = script.server(acknowledgement('puback', 1))

  assert.equal(fact?.kind === 'publish-completed' && fact.steps.length, 3)
})
