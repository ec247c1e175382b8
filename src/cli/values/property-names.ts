import type { Properties } from '../../protocol/wire/packet.ts'

/** The packets that `-D` can put properties into. */
export type PropertyPacket = 'connect' | 'publish' | 'will' | 'subscribe' | 'unsubscribe' | 'disconnect'

/** How the value's text is read. A number is the largest value; the smallest is 0 unless said otherwise. */
type PropertyKind =
  | 'text'
  | 'topic'
  | 'bytes'
  | 'pair'
  | 'flag'
  | { readonly maximum: number; readonly minimum?: number }

export interface NamedProperty {
  readonly key: keyof Properties
  readonly kind: PropertyKind
  readonly packets: readonly PropertyPacket[]
}

const twoBytes = { maximum: 0xffff }
const fourBytes = { maximum: 0xffffffff }
const message: readonly PropertyPacket[] = ['publish', 'will']

/**
 * The properties that a client may send, by the name that mosquitto's clients use: the standard's, with hyphens.
 * [MQTT5 §2.2.2.2] and, per packet, §3.1.2.11, §3.1.3.2, §3.3.2.3, §3.8.2.1, §3.10.2.1, §3.14.2.2.
 */
export const namedProperties: ReadonlyMap<string, NamedProperty> = new Map<string, NamedProperty>([
  ['payload-format-indicator', { key: 'payloadFormatIndicator', kind: 'flag', packets: message }],
  ['message-expiry-interval', { key: 'messageExpiryInterval', kind: fourBytes, packets: message }],
  ['content-type', { key: 'contentType', kind: 'text', packets: message }],
  ['response-topic', { key: 'responseTopic', kind: 'topic', packets: message }],
  ['correlation-data', { key: 'correlationData', kind: 'bytes', packets: message }],
  ['topic-alias', { key: 'topicAlias', kind: { minimum: 1, maximum: 0xffff }, packets: ['publish'] }],
  ['will-delay-interval', { key: 'willDelayInterval', kind: fourBytes, packets: ['will'] }],
  ['session-expiry-interval', { key: 'sessionExpiryInterval', kind: fourBytes, packets: ['connect', 'disconnect'] }],
  ['authentication-method', { key: 'authenticationMethod', kind: 'text', packets: ['connect'] }],
  ['authentication-data', { key: 'authenticationData', kind: 'bytes', packets: ['connect'] }],
  ['request-problem-information', { key: 'requestProblemInformation', kind: 'flag', packets: ['connect'] }],
  ['request-response-information', { key: 'requestResponseInformation', kind: 'flag', packets: ['connect'] }],
  ['receive-maximum', { key: 'receiveMaximum', kind: { minimum: 1, maximum: 0xffff }, packets: ['connect'] }],
  ['topic-alias-maximum', { key: 'topicAliasMaximum', kind: twoBytes, packets: ['connect'] }],
  [
    'maximum-packet-size',
    { key: 'maximumPacketSize', kind: { minimum: 1, maximum: 0xffffffff }, packets: ['connect'] },
  ],
  [
    'subscription-identifier',
    { key: 'subscriptionIdentifier', kind: { minimum: 1, maximum: 268_435_455 }, packets: ['subscribe'] },
  ],
  [
    'user-property',
    {
      key: 'userProperties',
      kind: 'pair',
      packets: ['connect', 'publish', 'will', 'subscribe', 'unsubscribe', 'disconnect'],
    },
  ],
])
