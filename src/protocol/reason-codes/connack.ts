import { reasonCodeTable } from './reason-code-meaning.ts'

/** CONNACK, MQTT 5 §3.2.2.2. */
export const connack5 = reasonCodeTable([
  [0x00, 'Success', 'The broker accepted the connection.'],
  [
    0x80,
    'Unspecified error',
    'The broker refused and does not want to say why, or no other code fits.',
    ['a plugin or a policy of the broker', 'an internal error: its log says more'],
  ],
  [
    0x81,
    'Malformed Packet',
    'The broker could not read CONNECT.',
    ['the port belongs to another protocol or to TLS', 'a proxy changed the bytes', 'the broker has a defect'],
  ],
  [
    0x82,
    'Protocol Error',
    'CONNECT could be read, but something in it breaks the protocol.',
    ['authentication data without a method', 'a property twice or out of range', 'the broker is stricter than others'],
  ],
  [
    0x83,
    'Implementation specific error',
    'CONNECT is valid, but this broker does not process it.',
    ['a limit or a feature that only this broker has: its log and manual say more'],
  ],
  [
    0x84,
    'Unsupported Protocol Version',
    'The broker does not speak the version of MQTT that CONNECT asked for.',
    ['the broker speaks 3.1.1 only', 'MQTT 5 is switched off on this listener'],
  ],
  [
    0x85,
    'Client Identifier not valid',
    'The client id is a valid string, but the broker does not allow it.',
    [
      'an empty client id where the broker assigns none',
      'the broker demands that the client id follow a pattern, or equal the user name',
      'too long for this broker',
    ],
  ],
  [
    0x86,
    'Bad User Name or Password',
    'The broker did not accept the user name and the password.',
    ['a mistyped user name or password', 'no credentials given where the broker demands them', 'the account is gone'],
  ],
  [
    0x87,
    'Not authorized',
    'The broker knows who asks, and does not let it connect.',
    [
      'wrong or missing user name or password (mosquitto answers 0x87 for that too)',
      'anonymous clients are not allowed',
      'the account may not use this client id, this will topic or this address',
    ],
  ],
  [
    0x88,
    'Server unavailable',
    'The broker can be reached, but its MQTT service is not available now.',
    ['the broker is starting or stopping', 'its authentication backend does not answer'],
  ],
  [
    0x89,
    'Server busy',
    'The broker has too much to do and asks to try later.',
    ['overload', 'many clients reconnecting at once after a restart'],
  ],
  [
    0x8a,
    'Banned',
    'An administrator barred this client.',
    ['the client id, the user or the address is on a ban list', 'an automatic ban after too many failed attempts'],
  ],
  [
    0x8c,
    'Bad authentication method',
    'The authentication method is unknown here or not the one in use.',
    ['a misspelt method', 'enhanced authentication is not set up at the broker'],
  ],
  [
    0x90,
    'Topic Name invalid',
    'The will topic is well formed, but the broker does not accept it.',
    ['the will goes to a topic that the broker reserves', 'too many levels or too long for this broker'],
  ],
  [
    0x95,
    'Packet too large',
    'CONNECT is larger than the broker allows.',
    ['a large will payload', 'a long password or token', 'many user properties'],
  ],
  [
    0x97,
    'Quota exceeded',
    'A limit of the broker or of its administrator is reached.',
    ['too many connections or sessions for this account or this broker'],
  ],
  [
    0x99,
    'Payload format invalid',
    'The will payload is not what its Payload Format Indicator says.',
    ['the will is marked as UTF-8 text and is not UTF-8'],
  ],
  [
    0x9a,
    'Retain not supported',
    'The will asks to be retained, and the broker keeps no retained messages.',
    ['retained messages are switched off: leave will retain off'],
  ],
  [
    0x9b,
    'QoS not supported',
    'The will asks for a QoS that the broker does not support.',
    ['the broker has a lower Maximum QoS: lower the will QoS'],
  ],
  [
    0x9c,
    'Use another server',
    'The broker asks to use another one for now.',
    ['load is being spread: Server Reference names where to go', 'maintenance of this node'],
  ],
  [
    0x9d,
    'Server moved',
    'The broker asks to use another one from now on.',
    ['the service moved: Server Reference names the new address'],
  ],
  [
    0x9f,
    'Connection rate exceeded',
    'Connections are arriving faster than the broker allows.',
    ['this client reconnects in a tight loop', 'a load test opens connections too fast'],
  ],
])
