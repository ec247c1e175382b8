import { reasonCodeTable } from './reason-code-meaning.ts'

/** CONNACK return codes of MQTT 3.1 and 3.1.1; both standards list the same six. */
export const connackBelow5 = reasonCodeTable([
  [0, 'accepted', 'The broker accepted the connection.'],
  [
    1,
    'unacceptable protocol version',
    'The broker does not speak the version of MQTT that CONNECT asked for.',
    ['the broker is older or newer than this version', 'the broker has this version switched off on this listener'],
  ],
  [
    2,
    'identifier rejected',
    'The client id is well formed, but the broker does not allow it.',
    [
      'an empty client id without Clean Session',
      'longer than 23 characters, or other than letters and digits, at a strict broker',
      'the broker demands that the client id follow a pattern, or equal the user name',
    ],
  ],
  [
    3,
    'server unavailable',
    'The broker can be reached, but its MQTT service is not available now.',
    ['the broker is starting or stopping', 'its authentication backend does not answer', 'it is overloaded'],
  ],
  [
    4,
    'bad user name or password',
    'The broker did not accept the user name and the password.',
    ['a mistyped user name or password', 'no credentials given where the broker demands them', 'the account is gone'],
  ],
  [
    5,
    'not authorized',
    'The broker knows who asks, and does not let it connect.',
    [
      'wrong or missing user name or password (many brokers answer 5 for that too)',
      'anonymous clients are not allowed',
      'the account or the address is not permitted to connect',
    ],
  ],
])

/** MQTT 3.1.1, where the broker may refuse a single filter. */
export const suback311 = reasonCodeTable([
  [0, 'Success - Maximum QoS 0', 'Subscribed; messages arrive at QoS 0.'],
  [1, 'Success - Maximum QoS 1', 'Subscribed; messages arrive at QoS 1 at most.'],
  [2, 'Success - Maximum QoS 2', 'Subscribed; messages arrive at QoS 2 at most.'],
  [
    0x80,
    'Failure',
    'The broker refused this subscription and does not say why.',
    ['this client may not read the topic filter', 'the broker does not allow wildcards or shared subscriptions here'],
  ],
])

/** MQTT 3.1 knows no refusal: a broker that denies the filter grants it and stays silent. */
export const suback31 = reasonCodeTable([
  [0, 'Granted QoS 0', 'Subscribed; messages arrive at QoS 0.'],
  [1, 'Granted QoS 1', 'Subscribed; messages arrive at QoS 1 at most.'],
  [2, 'Granted QoS 2', 'Subscribed; messages arrive at QoS 2 at most.'],
])
