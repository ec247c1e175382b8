import type {
  Acknowledgement,
  Auth,
  Connack,
  Connect,
  Disconnect,
  Pingreq,
  Pingresp,
  Properties,
  Publish,
  Suback,
  Subscribe,
  Unsuback,
  Unsubscribe,
} from '../../../src/protocol/wire/packet.ts'

/** Ordinary packets, so that a test names only what it is about. */

export function connect(changes: Partial<Connect> = {}): Connect {
  return {
    type: 'connect',
    version: 5,
    cleanStart: true,
    keepAliveSeconds: 60,
    clientId: 'c1',
    properties: {},
    ...changes,
  }
}

export function connack(properties: Properties = {}, changes: Partial<Connack> = {}): Connack {
  return { type: 'connack', sessionPresent: false, reasonCode: 0, properties, ...changes }
}

export function publish(changes: Partial<Publish> = {}): Publish {
  return {
    type: 'publish',
    topic: 'home/door',
    payload: new TextEncoder().encode('open'),
    qos: 0,
    retain: false,
    dup: false,
    properties: {},
    ...changes,
  }
}

export function acknowledgement(
  type: Acknowledgement['type'],
  packetId: number,
  reasonCode = 0,
  properties: Properties = {},
): Acknowledgement {
  return { type, packetId, reasonCode, properties }
}

export function subscribe(packetId: number, ...filters: string[]): Subscribe {
  const options = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
  return {
    type: 'subscribe',
    packetId,
    subscriptions: filters.map((filter) => ({ filter, ...options })),
    properties: {},
  }
}

export function suback(packetId: number, ...reasonCodes: number[]): Suback {
  return { type: 'suback', packetId, reasonCodes, properties: {} }
}

export function unsubscribe(packetId: number, ...filters: string[]): Unsubscribe {
  return { type: 'unsubscribe', packetId, filters, properties: {} }
}

export function unsuback(packetId: number, ...reasonCodes: number[]): Unsuback {
  return { type: 'unsuback', packetId, reasonCodes, properties: {} }
}

export function auth(reasonCode: number, properties: Properties = {}): Auth {
  return { type: 'auth', reasonCode, properties }
}

export function disconnect(reasonCode = 0, properties: Properties = {}): Disconnect {
  return { type: 'disconnect', reasonCode, properties }
}

export const pingreq: Pingreq = { type: 'pingreq' }
export const pingresp: Pingresp = { type: 'pingresp' }
