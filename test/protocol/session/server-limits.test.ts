import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MeasuredPublish } from '../../../src/protocol/session/publish-limits.ts'
import { publishProblem, serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { Properties } from '../../../src/protocol/wire/packet.ts'
import { connack } from '../../support/packets/packets.ts'

const defaults = {
  receiveMaximum: 65_535,
  maximumQoS: 2,
  retainAvailable: true,
  topicAliasMaximum: 0,
  wildcardSubscriptionAvailable: true,
  subscriptionIdentifiersAvailable: true,
  sharedSubscriptionAvailable: true,
}

test('a CONNACK that says nothing means the defaults of the standard', () => {
  assert.deepEqual(serverLimits(connack(), 5), defaults)
  assert.deepEqual(serverLimits(undefined, 5), defaults)
})

test('below MQTT 5 there are no limits to read', () => {
  assert.deepEqual(serverLimits(connack(), 4), defaults)
})

test('takes every limit from CONNACK', () => {
  const said: Properties = {
    receiveMaximum: 20,
    maximumQoS: 1,
    retainAvailable: 0,
    maximumPacketSize: 1000,
    topicAliasMaximum: 10,
    serverKeepAlive: 0,
    assignedClientIdentifier: 'auto-1',
    wildcardSubscriptionAvailable: 0,
    subscriptionIdentifiersAvailable: 0,
    sharedSubscriptionAvailable: 0,
  }

  assert.deepEqual(serverLimits(connack(said), 5), {
    receiveMaximum: 20,
    maximumQoS: 1,
    retainAvailable: false,
    maximumPacketSize: 1000,
    topicAliasMaximum: 10,
    serverKeepAlive: 0,
    assignedClientIdentifier: 'auto-1',
    wildcardSubscriptionAvailable: false,
    subscriptionIdentifiersAvailable: false,
    sharedSubscriptionAvailable: false,
  })
})

const plain: MeasuredPublish = { qos: 0, retain: false, packetBytes: 20 }

const cases: readonly (readonly [
  what: string,
  said: Properties,
  publish: Partial<MeasuredPublish>,
  rule: string | undefined,
])[] = [
  ['QoS 2 at Maximum QoS 1', { maximumQoS: 1 }, { qos: 2 }, '[MQTT-3.2.2-11]'],
  ['QoS 1 at Maximum QoS 1', { maximumQoS: 1 }, { qos: 1 }, undefined],
  ['QoS 1 at Maximum QoS 0', { maximumQoS: 0 }, { qos: 1 }, '[MQTT-3.2.2-11]'],
  ['retain where it is not available', { retainAvailable: 0 }, { retain: true }, '[MQTT-3.2.2-14]'],
  ['no retain where it is not available', { retainAvailable: 0 }, {}, undefined],
  ['retain where it is available', { retainAvailable: 1 }, { retain: true }, undefined],
  ['21 bytes at a maximum of 20', { maximumPacketSize: 20 }, { packetBytes: 21 }, '[MQTT-3.2.2-15]'],
  ['20 bytes at a maximum of 20', { maximumPacketSize: 20 }, {}, undefined],
  ['an alias above the maximum', { topicAliasMaximum: 5 }, { topicAlias: 6 }, '[MQTT-3.2.2-17]'],
  ['an alias at the maximum', { topicAliasMaximum: 5 }, { topicAlias: 5 }, undefined],
  ['an alias where none was announced', {}, { topicAlias: 1 }, '[MQTT-3.2.2-18]'],
]

for (const [what, said, changes, rule] of cases) {
  test(`${rule === undefined ? 'allows' : 'forbids'} ${what} ${rule ?? ''}`, () => {
    const problem = publishProblem(serverLimits(connack(said), 5), { ...plain, ...changes })

    assert.equal(problem?.rule, rule)
  })
}
