import { reasonCodeTable } from './reason-code-meaning.ts'

const identifierInUse = [
  'the two sides disagree about the session: start with Clean Start',
  'a defect in the client: an identifier used again before its answer came',
]

/** SUBACK, MQTT 5 §3.9.3: one for each filter, in order. */
export const suback5 = reasonCodeTable([
  [0x00, 'Granted QoS 0', 'Subscribed; messages arrive at QoS 0.'],
  [0x01, 'Granted QoS 1', 'Subscribed; messages arrive at QoS 1 at most.'],
  [0x02, 'Granted QoS 2', 'Subscribed; messages arrive at QoS 2 at most.'],
  [
    0x80,
    'Unspecified error',
    'The broker refused this subscription and does not say why.',
    ['a plugin or a policy of the broker', 'this client may not read the topic filter'],
  ],
  [
    0x83,
    'Implementation specific error',
    'SUBSCRIBE is valid, but this broker does not process it.',
    ['a limit or a feature that only this broker has: its log and manual say more'],
  ],
  [
    0x87,
    'Not authorized',
    'This client may not subscribe to this topic filter.',
    ['the access list does not allow reading it', 'the filter is wider than what is allowed: try a narrower one'],
  ],
  [
    0x8f,
    'Topic Filter invalid',
    'The filter is well formed, but this client may not use it here.',
    ['a topic the broker reserves', 'too many levels or too long for this broker'],
  ],
  [0x91, 'Packet Identifier in use', 'The packet identifier is still taken by another packet.', identifierInUse],
  [
    0x97,
    'Quota exceeded',
    'A limit of the broker or of its administrator is reached.',
    ['too many subscriptions for this client or this account'],
  ],
  [
    0x9e,
    'Shared Subscriptions not supported',
    'The broker has no shared subscriptions for this client.',
    ['$share/… is switched off: subscribe to the filter itself'],
  ],
  [
    0xa1,
    'Subscription Identifiers not supported',
    'The broker has no subscription identifiers; it refused the subscription.',
    ['switched off or not built: leave the subscription identifier out'],
  ],
  [
    0xa2,
    'Wildcard Subscriptions not supported',
    'The broker does not allow + and # in filters.',
    ['switched off for this account or this broker: name the topics one by one'],
  ],
])

/** UNSUBACK, MQTT 5 §3.11.3: one for each filter, in order. */
export const unsuback5 = reasonCodeTable([
  [0x00, 'Success', 'The subscription is deleted.'],
  [
    0x11,
    'No subscription existed',
    'Nothing to delete: this client had no subscription with exactly this filter.',
    ['the filter differs from the one subscribed, character by character', 'the session was lost in between'],
  ],
  [
    0x80,
    'Unspecified error',
    'The broker did not delete the subscription and does not say why.',
    ['a plugin or a policy of the broker', 'an internal error: its log says more'],
  ],
  [
    0x83,
    'Implementation specific error',
    'UNSUBSCRIBE is valid, but this broker does not process it.',
    ['a limit or a feature that only this broker has: its log and manual say more'],
  ],
  [
    0x87,
    'Not authorized',
    'This client may not unsubscribe from this filter.',
    ['the subscription was made by the administrator'],
  ],
  [
    0x8f,
    'Topic Filter invalid',
    'The filter is well formed, but this client may not use it here.',
    ['a topic the broker reserves', 'too many levels or too long for this broker'],
  ],
  [0x91, 'Packet Identifier in use', 'The packet identifier is still taken by another packet.', identifierInUse],
])
