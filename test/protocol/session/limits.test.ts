import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextConnection } from '../../../src/protocol/session/conversation-state.ts'
import type { Fact, LimitExceededFact } from '../../../src/protocol/session/facts.ts'
import type { Properties } from '../../../src/protocol/wire/packet.ts'
import { acknowledgement, connack, connect, publish } from '../../support/packets/packets.ts'
import { connected, kinds, rules, Script } from './conversation-script.ts'

function limitOf(facts: readonly Fact[]): LimitExceededFact | undefined {
  return facts.find((fact) => fact.kind === 'limit-exceeded')
}

const byClient: readonly (readonly [
  limit: string,
  rule: string,
  said: Properties,
  changes: Parameters<typeof publish>[0],
])[] = [
  ['maximumQoS', '[MQTT-3.2.2-11]', { maximumQoS: 1 }, { qos: 2, packetId: 1 }],
  ['retainAvailable', '[MQTT-3.2.2-14]', { retainAvailable: 0 }, { retain: true }],
  ['maximumPacketSize', '[MQTT-3.2.2-15]', { maximumPacketSize: 49 }, {}],
  ['topicAliasMaximum', '[MQTT-3.2.2-17]', { topicAliasMaximum: 3 }, { properties: { topicAlias: 4 } }],
  ['topicAliasMaximum', '[MQTT-3.2.2-18]', {}, { properties: { topicAlias: 1 } }],
]

for (const [limit, rule, said, changes] of byClient) {
  test(`finds a publish of the client above ${limit} ${rule}`, () => {
    const facts = connected(5, connack(said)).client(publish(changes), 50)

    assert.equal(limitOf(facts)?.limit, limit)
    assert.equal(limitOf(facts)?.by, 'client')
    assert.deepEqual(rules(facts), [rule])
  })
}

const byServer: readonly (readonly [limit: string, rule: string, said: Properties, topicAlias?: number])[] = [
  ['maximumPacketSize', '[MQTT-3.1.2-24]', { maximumPacketSize: 49 }],
  ['topicAliasMaximum', '[MQTT-3.1.2-26]', { topicAliasMaximum: 3 }, 4],
  ['topicAliasMaximum', '[MQTT-3.1.2-27]', {}, 1],
]

for (const [limit, rule, said, topicAlias] of byServer) {
  test(`finds a publish of the server above ${limit} ${rule}`, () => {
    const script = connected(5, connack(), connect({ properties: said }))

    const facts = script.server(publish({ properties: topicAlias === undefined ? {} : { topicAlias } }), 50)

    assert.equal(limitOf(facts)?.limit, limit)
    assert.deepEqual(rules(facts), [rule])
  })
}

test('counts what the client has unacknowledged against Receive Maximum [MQTT-3.3.4-7]', () => {
  const script = connected(5, connack({ receiveMaximum: 2 }))
  script.client(publish({ qos: 1, packetId: 1 }))
  script.client(publish({ qos: 2, packetId: 2 }))

  const third = script.client(publish({ qos: 1, packetId: 3 }))

  assert.deepEqual(rules(third), ['[MQTT-3.3.4-7]'])
})

test('PUBREC does not give the quota back; PUBACK, PUBCOMP and a refusal do [MQTT-3.3.4-7]', () => {
  const script = connected(5, connack({ receiveMaximum: 1 }))
  script.client(publish({ qos: 2, packetId: 1 }))
  script.server(acknowledgement('pubrec', 1))

  const tooEarly = script.client(publish({ qos: 1, packetId: 2 }))
  script.server(acknowledgement('puback', 2))
  script.client(acknowledgement('pubrel', 1))
  script.server(acknowledgement('pubcomp', 1))
  const inTime = script.client(publish({ qos: 2, packetId: 3 }))
  script.server(acknowledgement('pubrec', 3, 0x97))
  const afterRefusal = script.client(publish({ qos: 1, packetId: 4 }))

  assert.deepEqual(rules(tooEarly), ['[MQTT-3.3.4-7]'])
  assert.deepEqual(rules(inTime), [])
  assert.deepEqual(rules(afterRefusal), [])
})

test('QoS 0 takes no quota', () => {
  const script = connected(5, connack({ receiveMaximum: 1 }))
  script.client(publish({ qos: 1, packetId: 1 }))

  assert.deepEqual(rules(script.client(publish())), [])
})

test("counts the server's messages against the client's Receive Maximum [MQTT-3.3.4-9]", () => {
  const script = connected(5, connack(), connect({ properties: { receiveMaximum: 1 } }))
  script.server(publish({ qos: 1, packetId: 1 }))

  const facts = script.server(publish({ qos: 1, packetId: 2 }))

  assert.equal(limitOf(facts)?.by, 'server')
  assert.deepEqual(rules(facts), ['[MQTT-3.3.4-9]'])
})

test('the quota starts anew with a connection; only what is sent on it counts', () => {
  const first = connected(5, connack({ receiveMaximum: 1 }))
  first.client(publish({ qos: 1, packetId: 1 }))
  const second = new Script(nextConnection(first.conversation))
  second.client(connect({ cleanStart: false }))
  second.server(connack({ receiveMaximum: 1 }, { sessionPresent: true }))

  const again = second.client(publish({ qos: 1, packetId: 1, dup: true }))
  const another = second.client(publish({ qos: 1, packetId: 2 }))

  assert.deepEqual(rules(again), [])
  assert.deepEqual(rules(another), ['[MQTT-3.3.4-7]'])
})

test('a publish with an alias alone has the topic that the alias stands for', () => {
  const script = connected(5, connack({ topicAliasMaximum: 5 }))
  script.client(publish({ topic: 'a/b', properties: { topicAlias: 5 } }))

  const [fact] = script.client(publish({ topic: '', properties: { topicAlias: 5 } }))

  assert.equal(fact?.kind === 'publish-started' && fact.publish.topic, 'a/b')
})

test('the aliases of the two directions, and of two connections, are different ones [MQTT-3.3.2-7]', () => {
  const limits = { topicAliasMaximum: 5 }
  const first = connected(5, connack(limits), connect({ properties: limits }))
  first.client(publish({ topic: 'a/b', properties: { topicAlias: 5 } }))

  const other = first.server(publish({ topic: '', properties: { topicAlias: 5 } }))
  const second = new Script(nextConnection(first.conversation))
  second.client(connect())
  second.server(connack(limits))
  const later = second.client(publish({ topic: '', properties: { topicAlias: 5 } }))

  assert.deepEqual(kinds(other), ['publish-started', 'statement-violated'])
  assert.deepEqual(rules(other), ['[MQTT5 §3.3.2.3.4]'])
  assert.deepEqual(rules(later), ['[MQTT5 §3.3.2.3.4]'])
})

test('an alias above the maximum is not kept', () => {
  const script = connected(5, connack({ topicAliasMaximum: 1 }))
  script.client(publish({ topic: 'a', properties: { topicAlias: 2 } }))

  assert.equal(script.conversation.client.aliases.size, 0)
})
