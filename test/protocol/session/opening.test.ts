import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinConversation, nextConnection } from '../../../src/protocol/session/conversation-state.ts'
import {
  acknowledgement,
  auth,
  connack,
  connect,
  disconnect,
  pingreq,
  pingresp,
  publish,
  subscribe,
} from '../../support/packets/packets.ts'
import { connected, kinds, rules, Script } from './conversation-script.ts'

test('CONNACK 0 is the fact that both are connected, with the time since CONNECT', () => {
  const script = new Script()
  script.client(connect({ keepAliveSeconds: 30 }))

  const facts = script.server(connack())

  assert.deepEqual(facts, [
    {
      kind: 'connected',
      version: 5,
      clientId: 'c1',
      keepAliveSeconds: 30,
      sessionPresent: false,
      sessionUnseen: false,
      elapsedMicroseconds: 10,
    },
  ])
})

test("the server's client id and keepalive are the ones in force [MQTT-3.2.2-21]", () => {
  const script = new Script()
  script.client(connect({ clientId: '', keepAliveSeconds: 0 }))

  const [fact] = script.server(connack({ assignedClientIdentifier: 'auto-7', serverKeepAlive: 20 }))

  assert.equal(fact?.kind, 'connected')
  assert.equal(fact.kind === 'connected' && fact.clientId, 'auto-7')
  assert.equal(fact.kind === 'connected' && fact.keepAliveSeconds, 20)
})

test('a CONNACK that says no is a refusal with its reason code', () => {
  const script = new Script()
  script.client(connect({ version: 4 }))

  const facts = script.server(connack({}, { reasonCode: 5 }))

  assert.deepEqual(facts, [{ kind: 'refused', version: 4, reasonCode: 5 }])
})

test('a session that we never saw is told as such', () => {
  const script = new Script()
  script.client(connect({ cleanStart: false }))

  const [fact] = script.server(connack({}, { sessionPresent: true }))

  assert.equal(fact?.kind === 'connected' && fact.sessionUnseen, true)
})

test('DISCONNECT names who left and why', () => {
  const facts = connected().server(disconnect(0x8e))

  assert.deepEqual(facts, [{ kind: 'disconnected', by: 'server', version: 5, reasonCode: 0x8e }])
})

test('PINGRESP answers the oldest PINGREQ, and nothing else', () => {
  const script = connected()
  script.client(pingreq)

  const answered = script.server(pingresp)
  const unasked = script.server(pingresp)

  assert.deepEqual(answered, [{ kind: 'ping-answered', elapsedMicroseconds: 10 }])
  assert.deepEqual(kinds(unasked), ['unmatched-acknowledgement'])
})

const method = { authenticationMethod: 'X' }

const violations: readonly (readonly [rule: string, below: string | undefined, run: (version: 4 | 5) => string[]])[] = [
  ['[MQTT-3.1.0-1]', undefined, () => rules(new Script().client(publish()))],
  ['[MQTT-3.1.0-2]', '[MQTT-3.1.1:3.1.0-2]', (version) => rules(connected(version).client(connect({ version })))],
  ['[MQTT-3.2.0-1]', '[MQTT-3.1.1:3.2.0-1]', (version) => rules(opened(version).server(publish()))],
  ['[MQTT-3.2.0-1]', undefined, () => rules(new Script().server(connack()))],
  ['[MQTT-3.2.0-2]', '[MQTT3.1.1 §3.2]', (version) => rules(connected(version).server(connack()))],
  ['[MQTT-3.14.0-1]', undefined, () => rules(opened(5).server(disconnect(0x80)))],
  ['[MQTT-3.2.2-7]', '[MQTT-3.1.1:3.2.2-5]', (version) => rules(refused(version).server(publish()))],
  [
    '[MQTT-3.2.2-2]',
    '[MQTT-3.1.1:3.2.2-1]',
    (version) => rules(opened(version).server(connack({}, { sessionPresent: true }))),
  ],
  [
    '[MQTT-3.2.2-6]',
    '[MQTT-3.1.1:3.2.2-4]',
    (version) =>
      rules(opened(version).server(connack({}, { sessionPresent: true, reasonCode: version === 5 ? 0x87 : 5 }))),
  ],
  ['[MQTT-3.2.2-16]', undefined, () => rules(openedWith({ clientId: '' }).server(connack()))],
  ['[MQTT-3.1.2-30]', undefined, () => rules(openedWith({ properties: method }).client(subscribe(1, 'a')))],
  ['[MQTT-4.12.0-5]', undefined, () => rules(openedWith({ properties: method }).server(connack()))],
  [
    '[MQTT-4.12.0-5]',
    undefined,
    () => rules(openedWith({ properties: method }).server(auth(0x18, { authenticationMethod: 'Y' }))),
  ],
  ['[MQTT-4.12.0-6]', undefined, () => rules(opened(5).server(auth(0x18, method)))],
  ['[MQTT-4.12.0-6]', undefined, () => rules(opened(5).server(connack(method)))],
  ['[MQTT-4.12.0-7]', undefined, () => rules(connected().client(auth(0x19, method)))],
  [
    '[MQTT-3.14.4-1]',
    '[MQTT-3.1.1:3.14.4-2]',
    (version) => {
      const script = connected(version)
      script.client(disconnect())
      return rules(script.client(publish()))
    },
  ],
  ['[MQTT5 §3.14.2.2.2]', undefined, () => rules(connected().client(disconnect(0, { sessionExpiryInterval: 10 })))],
  [
    '[MQTT-3.1.2-29]',
    undefined,
    () => {
      const client = connect({ properties: { requestProblemInformation: 0 } })
      const script = connected(5, connack(), client)
      script.client(publish({ qos: 1, packetId: 1 }))
      return rules(script.server(acknowledgement('puback', 1, 0, { reasonString: 'thanks' })))
    },
  ],
]

for (const [rule, below, run] of violations) {
  test(`finds the packet that breaks ${rule}`, () => assert.deepEqual(run(5), [rule]))
  if (below !== undefined) test(`finds it below MQTT 5 too, as ${below}`, () => assert.deepEqual(run(4), [below]))
}

test('an enhanced authentication that keeps the rules breaks none [MQTT-4.12.0-2] [MQTT-4.12.0-3]', () => {
  const script = openedWith({ properties: method })

  const facts = [
    ...script.server(auth(0x18, method)),
    ...script.client(auth(0x18, method)),
    ...script.server(connack(method)),
    ...script.client(auth(0x19, method)),
    ...script.server(auth(0, method)),
  ]

  assert.deepEqual(kinds(facts), ['connected'])
})

test('a refusal ends nothing else: the next connection of the client may be accepted', () => {
  const script = new Script(nextConnection(refused(5).conversation))

  script.client(connect())

  assert.deepEqual(kinds(script.server(connack())), ['connected'])
})

test('joined in the middle, nobody is accused of what was not seen', () => {
  const script = new Script(joinConversation(5))

  const facts = [
    ...script.client(publish({ topic: '', properties: { topicAlias: 3 } })),
    ...script.server(publish({ qos: 1, packetId: 9, dup: true, properties: { topicAlias: 4 } })),
    ...script.server(auth(0x18, method)),
    ...script.server(acknowledgement('puback', 5)),
  ]

  assert.deepEqual(rules(facts), [])
  assert.deepEqual(kinds(facts), ['publish-started', 'publish-started', 'unmatched-acknowledgement'])
})

function opened(version: 4 | 5): Script {
  return openedWith({ version })
}

function openedWith(changes: Parameters<typeof connect>[0]): Script {
  const script = new Script()
  script.client(connect(changes))
  return script
}

function refused(version: 4 | 5): Script {
  const script = opened(version)
  script.server(connack({}, { reasonCode: version === 5 ? 0x87 : 5 }))
  return script
}

test('a PUBLISH sent before CONNACK is answered like any other, also when the session turns out to be new', () => {
  const script = new Script()
  script.client(connect({ version: 4 }))
  script.client(publish({ qos: 1, packetId: 7 }))

  script.server(connack())
  const facts = script.server(acknowledgement('puback', 7))

  assert.deepEqual(kinds(facts), ['publish-completed'])
})

test('what an earlier connection left open is gone with its session, also when CONNACK comes after a new PUBLISH', () => {
  const script = connected(4)
  script.client(publish({ qos: 1, packetId: 1 }))
  script.conversation = nextConnection(script.conversation)
  script.client(connect({ version: 4 }))
  script.client(publish({ qos: 1, packetId: 2 }))

  script.server(connack())
  const [lost] = script.server(acknowledgement('puback', 1))
  const [kept] = script.server(acknowledgement('puback', 2))

  assert.deepEqual([lost?.kind, kept?.kind], ['unmatched-acknowledgement', 'publish-completed'])
})

test('a CONNACK whose CONNECT was not seen is the first one, and the next is the second [MQTT-3.2.0-2]', () => {
  const script = new Script(joinConversation(5))

  const first = script.server(connack())
  const second = script.server(connack())

  assert.deepEqual([first, rules(second)], [[], ['[MQTT-3.2.0-2]']])
})

test('what it says holds for what follows', () => {
  const script = new Script(joinConversation(5))

  script.server(connack({ maximumQoS: 0 }))

  assert.equal(rules(script.client(publish({ qos: 1, packetId: 1 }))).length, 1)
})

test('a refusal whose CONNECT was not seen is one', () => {
  const script = new Script(joinConversation(4))

  assert.deepEqual(kinds(script.server(connack({}, { reasonCode: 5 }))), ['refused'])
})
