import type { Rule } from './violated.ts'

// What may come when, and what answers what: the rules that a finding tells of (`packet-order.ts` and its neighbours), and
// for which a live connection is ended (`order-violations.ts`).

export const connectComesFirst = {
  five: '[MQTT-3.1.0-1]',
  below: '[MQTT-3.1.1:3.1.0-1]',
  message: 'the first packet of a client must be CONNECT',
} as const satisfies Rule

export const secondConnect = {
  five: '[MQTT-3.1.0-2]',
  below: '[MQTT-3.1.1:3.1.0-2]',
  message: 'a second CONNECT on one connection',
} as const satisfies Rule

export const authenticationFirst = {
  five: '[MQTT-3.1.2-30]',
  message: 'after an Authentication Method only AUTH and DISCONNECT may come before CONNACK',
} as const satisfies Rule

export const clientAuthUnasked = {
  five: '[MQTT-4.12.0-7]',
  message: 'AUTH from a client whose CONNECT had no Authentication Method',
} as const satisfies Rule

export const serverAuthUnasked = {
  five: '[MQTT-4.12.0-6]',
  message: 'AUTH from the server, though CONNECT had no Authentication Method',
} as const satisfies Rule

export const connackComesFirst = {
  five: '[MQTT-3.2.0-1]',
  below: '[MQTT-3.1.1:3.2.0-1]',
  message: 'the server sent another packet before CONNACK',
} as const satisfies Rule

export const disconnectBeforeConnack = {
  five: '[MQTT-3.14.0-1]',
  below: '[MQTT-3.1.1:3.2.0-1]',
  message: 'the server sent DISCONNECT before it accepted the connection',
} as const satisfies Rule

export const secondConnack = {
  five: '[MQTT-3.2.0-2]',
  below: '[MQTT3.1.1 §3.2]',
  message: 'a second CONNACK on one connection',
} as const satisfies Rule

export const afterRefusal = {
  five: '[MQTT-3.2.2-7]',
  below: '[MQTT-3.1.1:3.2.2-5]',
  message: 'the server went on after it had refused the connection',
} as const satisfies Rule

export const afterDisconnect = {
  five: '[MQTT-3.14.4-1]',
  below: '[MQTT-3.1.1:3.14.4-2]',
  message: 'a packet after DISCONNECT from the same side',
} as const satisfies Rule

export const sessionAfterCleanStart = {
  five: '[MQTT-3.2.2-2]',
  below: '[MQTT-3.1.1:3.2.2-1]',
  message: 'CONNACK says that a session is present after a clean start',
} as const satisfies Rule

export const sessionNeverHad = {
  five: '[MQTT-3.2.2-4]',
  below: '[MQTT-3.1.1:3.2.2-2]',
  message: 'CONNACK says that a session is present, and we never had one',
} as const satisfies Rule

export const identifierOfPublish = {
  five: '[MQTT-2.2.1-5]',
  below: '[MQTT-3.1.1:2.3.1-6]',
  message: 'the acknowledgement carries a packet identifier that no publish waits under',
} as const satisfies Rule

export const identifierOfRequest = {
  five: '[MQTT-2.2.1-6]',
  below: '[MQTT-3.1.1:2.3.1-7]',
  message: 'the answer carries a packet identifier that no such request waits under',
} as const satisfies Rule

export const identifierOfSuback = {
  five: '[MQTT-3.8.4-2]',
  below: '[MQTT-3.1.1:3.8.4-2]',
  message: 'SUBACK carries the packet identifier of another request',
} as const satisfies Rule

export const identifierOfUnsuback = {
  five: '[MQTT-3.10.4-5]',
  below: '[MQTT-3.1.1:3.10.4-4]',
  message: 'UNSUBACK carries the packet identifier of another request',
} as const satisfies Rule

export const codeForEachFilter = {
  five: '[MQTT-3.8.4-6]',
  below: '[MQTT-3.1.1:3.8.4-5]',
  message: 'SUBACK has not one reason code for each filter of SUBSCRIBE',
} as const satisfies Rule

export const codeForEachUnsubscribe = {
  five: '[MQTT-3.11.3-2]',
  message: 'UNSUBACK has not one reason code for each filter of UNSUBSCRIBE',
} as const satisfies Rule
