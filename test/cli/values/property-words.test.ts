import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PropertyPacket } from '../../../src/cli/values/property-names.ts'
import { packetProperties } from '../../../src/cli/values/property-words.ts'
import { printed, refused } from './refused.ts'

const all: readonly PropertyPacket[] = ['connect', 'publish', 'will', 'subscribe', 'unsubscribe', 'disconnect']
const read = (...uses: string[][]) =>
  packetProperties(
    uses.map((words) => JSON.stringify(words)),
    all,
  )

describe('-D', () => {
  const cases: ReadonlyArray<
    readonly [packet: PropertyPacket, name: string, text: string, key: string, value: unknown]
  > = [
    ['publish', 'payload-format-indicator', '1', 'payloadFormatIndicator', 1],
    ['publish', 'message-expiry-interval', '4294967295', 'messageExpiryInterval', 4_294_967_295],
    ['publish', 'content-type', 'text/plain', 'contentType', 'text/plain'],
    ['publish', 'response-topic', 'r/t', 'responseTopic', 'r/t'],
    ['publish', 'correlation-data', 'é', 'correlationData', Buffer.from([0xc3, 0xa9])],
    ['publish', 'topic-alias', '1', 'topicAlias', 1],
    ['will', 'will-delay-interval', '5', 'willDelayInterval', 5],
    ['connect', 'session-expiry-interval', '0', 'sessionExpiryInterval', 0],
    ['connect', 'authentication-method', 'SCRAM', 'authenticationMethod', 'SCRAM'],
    ['connect', 'authentication-data', 'x', 'authenticationData', Buffer.from('x')],
    ['connect', 'request-problem-information', '0', 'requestProblemInformation', 0],
    ['connect', 'request-response-information', '1', 'requestResponseInformation', 1],
    ['connect', 'receive-maximum', '65535', 'receiveMaximum', 65_535],
    ['connect', 'topic-alias-maximum', '0', 'topicAliasMaximum', 0],
    ['connect', 'maximum-packet-size', '1', 'maximumPacketSize', 1],
    ['subscribe', 'subscription-identifier', '268435455', 'subscriptionIdentifier', [268_435_455]],
    ['disconnect', 'session-expiry-interval', '9', 'sessionExpiryInterval', 9],
  ]
  for (const [packet, name, text, key, value] of cases) {
    test(`${packet} ${name} ${text}`, () => assert.deepEqual(read([packet, name, text])[packet], { [key]: value }))
  }

  test('user-property keeps order and duplicates, and __proto__ is a name like any other', () => {
    const { publish } = read(
      ['publish', 'user-property', 'b', '1'],
      ['publish', 'user-property', '__proto__', '2'],
      ['publish', 'user-property', 'b', '3'],
    )

    assert.deepEqual(publish.userProperties, [
      ['b', '1'],
      ['__proto__', '2'],
      ['b', '3'],
    ])
  })

  test('sorts properties by packet', () => {
    const { connect, publish, will } = read(
      ['connect', 'user-property', 'a', '1'],
      ['PUBLISH', 'content-type', 'b'],
      ['will', 'content-type', 'c'],
    )

    assert.deepEqual([connect.userProperties, publish.contentType, will.contentType], [[['a', '1']], 'b', 'c'])
  })

  test('from the environment is one text with blanks between the words', () => {
    assert.deepEqual(packetProperties(['publish content-type text/plain'], all).publish, { contentType: 'text/plain' })
  })
})

describe('-D refuses', () => {
  const cases: ReadonlyArray<readonly [what: string, uses: string[][]]> = [
    ['a packet that we do not send', [['puback', 'user-property', 'a', 'b']]],
    ['a property that does not exist', [['publish', 'colour', 'red']]],
    ['a property that does not belong in the packet [MQTT5 §2.2.2.2]', [['publish', 'receive-maximum', '1']]],
    ['a subscription identifier in PUBLISH [MQTT-3.3.4-6]', [['publish', 'subscription-identifier', '1']]],
    [
      'a property that comes twice',
      [
        ['publish', 'content-type', 'a'],
        ['publish', 'content-type', 'b'],
      ],
    ],
    ['a topic alias of 0 [MQTT-3.3.2-8]', [['publish', 'topic-alias', '0']]],
    ['a receive maximum of 0', [['connect', 'receive-maximum', '0']]],
    ['a maximum packet size of 0', [['connect', 'maximum-packet-size', '0']]],
    ['a payload format indicator of 2', [['publish', 'payload-format-indicator', '2']]],
    ['a number too large for its field', [['publish', 'message-expiry-interval', '4294967296']]],
    ['text with NUL [MQTT-1.5.4-2]', [['publish', 'content-type', 'a\0b']]],
    ['text of more than 65,535 bytes', [['publish', 'user-property', 'a', 'x'.repeat(65_536)]]],
    ['a response topic with a wildcard [MQTT-3.3.2-14]', [['publish', 'response-topic', 'a/#']]],
    ['too few words', [['publish', 'content-type']]],
    ['names of Object.prototype', [['publish', 'constructor', 'x']]],
  ]
  for (const [what, uses] of cases) {
    test(what, () => void refused(() => read(...uses)))
  }

  test('a packet that this command does not send, and names those that it does', () => {
    const words = JSON.stringify(['subscribe', 'user-property', 'a', 'b'])

    assert.match(printed(refused(() => packetProperties([words], ['connect', 'publish']))), /connect, publish/)
  })
})
