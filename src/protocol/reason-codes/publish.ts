import { reasonCodeTable } from './reason-code-meaning.ts'

const noMatchingSubscribers =
  'The message was accepted, but nobody subscribes to its topic; only a server may say so, and none has to.'

/** PUBACK, MQTT 5 §3.4.2.1; PUBREC has the same codes, §3.5.2.1. */
export const publishOutcome5 = reasonCodeTable([
  [0x00, 'Success', 'The receiver took the message.'],
  [0x10, 'No matching subscribers', noMatchingSubscribers, [], 'server'],
  [
    0x80,
    'Unspecified error',
    'The receiver did not take the message and does not say why.',
    ['a plugin or a policy of the broker', 'an internal error: its log says more'],
  ],
  [
    0x83,
    'Implementation specific error',
    'PUBLISH is valid, but the receiver does not process it.',
    ['a limit or a feature that only this broker has', 'a rule or a bridge behind the topic failed'],
  ],
  [
    0x87,
    'Not authorized',
    'This client may not publish to this topic.',
    ['the access list does not allow writing to it', 'retained messages are not allowed for this client'],
  ],
  [
    0x90,
    'Topic Name invalid',
    'The topic is well formed, but the receiver does not accept it.',
    ['a topic the broker reserves ($SYS, …)', 'too many levels or too long for this broker'],
  ],
  [
    0x91,
    'Packet Identifier in use',
    'The receiver still has another message under this packet identifier.',
    ['the two sides disagree about the session: start with Clean Start', 'a defect in either client'],
  ],
  [
    0x97,
    'Quota exceeded',
    'A limit of the receiver or of its administrator is reached.',
    ['too many stored or queued messages', 'the account has used up its message quota'],
  ],
  [
    0x99,
    'Payload format invalid',
    'The payload is not what its Payload Format Indicator says.',
    ['marked as UTF-8 text and is not UTF-8', 'the broker checks payloads against a schema'],
  ],
])

const identifierNotFound = [
  'the session was lost on the other side, which is normal after it recovers',
  'the handshake was already finished',
]

/** PUBREL, MQTT 5 §3.6.2.1. */
export const pubrel5 = reasonCodeTable([
  [0x00, 'Success', 'The sender releases the message.'],
  [
    0x92,
    'Packet Identifier not found',
    'The sender of the message knows nothing of this packet identifier.',
    identifierNotFound,
  ],
])

/** PUBCOMP, MQTT 5 §3.7.2.1. */
export const pubcomp5 = reasonCodeTable([
  [0x00, 'Success', 'The handshake is complete.'],
  [
    0x92,
    'Packet Identifier not found',
    'The receiver of the message knows nothing of this packet identifier.',
    identifierNotFound,
  ],
])
