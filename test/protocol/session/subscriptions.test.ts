import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connack, publish, suback, subscribe, unsuback, unsubscribe } from '../../support/packets/packets.ts'
import { connected, kinds, rules } from './conversation-script.ts'

test('SUBACK is read beside the filters of its SUBSCRIBE', () => {
  const script = connected()
  script.client(subscribe(7, 'home/#', 'secret/#'))

  const facts = script.server(suback(7, 1, 0x87))

  assert.deepEqual(facts, [
    {
      kind: 'subscribed',
      version: 5,
      packetId: 7,
      results: [
        { filter: 'home/#', reasonCode: 1 },
        { filter: 'secret/#', reasonCode: 0x87 },
      ],
      elapsedMicroseconds: 10,
    },
    { kind: 'subscription-refused', version: 5, filter: 'secret/#', reasonCode: 0x87 },
  ])
})

test('two SUBSCRIBEs under way are told apart by their identifiers', () => {
  const script = connected()
  script.client(subscribe(1, 'a'))
  script.client(subscribe(2, 'b'))

  const [second] = script.server(suback(2, 0))
  const [first] = script.server(suback(1, 0))

  assert.deepEqual(second?.kind === 'subscribed' && second.results, [{ filter: 'b', reasonCode: 0 }])
  assert.deepEqual(first?.kind === 'subscribed' && first.results, [{ filter: 'a', reasonCode: 0 }])
})

test('SUBACK with too few codes leaves the last filters without one [MQTT-3.8.4-6]', () => {
  const script = connected()
  script.client(subscribe(1, 'a', 'b'))

  const facts = script.server(suback(1, 0))

  assert.deepEqual(facts[0]?.kind === 'subscribed' && facts[0].results, [
    { filter: 'a', reasonCode: 0 },
    { filter: 'b' },
  ])
  assert.deepEqual(rules(facts), ['[MQTT-3.8.4-6]'])
})

test('UNSUBACK below MQTT 5 has no codes, and that is right', () => {
  const script = connected(4)
  script.client(unsubscribe(3, 'a'))

  const facts = script.server(unsuback(3))

  assert.deepEqual(facts, [
    { kind: 'unsubscribed', version: 4, packetId: 3, results: [{ filter: 'a' }], elapsedMicroseconds: 10 },
  ])
})

test('UNSUBACK of MQTT 5 has a code for each filter [MQTT-3.11.3-2]', () => {
  const script = connected()
  script.client(unsubscribe(3, 'a', 'b'))

  assert.deepEqual(rules(script.server(unsuback(3, 0))), ['[MQTT-3.11.3-2]'])
})

test('an answer that nobody waits for, or of the wrong type, is unmatched [MQTT-2.2.1-6]', () => {
  const script = connected()
  script.client(subscribe(1, 'a'))

  const unknown = script.server(suback(2, 0))
  const wrongType = script.server(unsuback(1, 0))

  assert.deepEqual(kinds(unknown), ['unmatched-acknowledgement', 'statement-violated'])
  assert.deepEqual(rules(unknown), ['[MQTT-2.2.1-6]'])
  assert.equal(wrongType[0]?.kind === 'unmatched-acknowledgement' && wrongType[0].expected, 'suback')
})

test('an identifier in use by SUBSCRIBE is not free for PUBLISH, nor the reverse [MQTT-2.2.1-3]', () => {
  const script = connected()
  script.client(subscribe(1, 'a'))
  script.client(publish({ qos: 1, packetId: 2 }))

  assert.deepEqual(rules(script.client(publish({ qos: 1, packetId: 1 }))), ['[MQTT-2.2.1-3]'])
  assert.deepEqual(rules(script.client(subscribe(2, 'b'))), ['[MQTT-2.2.1-3]'])
})

test('the server may use the same identifier for a publish of its own', () => {
  const script = connected()
  script.client(subscribe(1, 'a'))

  assert.deepEqual(rules(script.server(publish({ qos: 1, packetId: 1 }))), [])
})

test('filters named __proto__ and toString are just strings', () => {
  const script = connected(5, connack())
  script.client(subscribe(1, '__proto__', 'toString'))

  const [fact] = script.server(suback(1, 0, 0x80))

  assert.deepEqual(fact?.kind === 'subscribed' && fact.results, [
    { filter: '__proto__', reasonCode: 0 },
    { filter: 'toString', reasonCode: 0x80 },
  ])
})
