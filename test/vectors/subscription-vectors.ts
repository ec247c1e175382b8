import type { SubscriptionRequest } from '../../src/protocol/wire/packet.ts'
import type { PacketVector } from './packet-vector.ts'

/** Below MQTT 5 a request is a filter and a QoS. */
function plain(filter: string, qos: 0 | 1 | 2): SubscriptionRequest {
  return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 }
}

export const subscriptionVectors: readonly PacketVector[] = [
  {
    name: 'SUBSCRIBE 3.1',
    version: 3,
    sender: 'client',
    hex: '82 06 0001 0001 61 00',
    packet: { type: 'subscribe', packetId: 1, subscriptions: [plain('a', 0)], properties: {} },
  },
  {
    name: 'SUBSCRIBE 3.1 again',
    version: 3,
    sender: 'client',
    hex: '8a 06 0001 0001 61 00',
    packet: { type: 'subscribe', packetId: 1, subscriptions: [plain('a', 0)], properties: {}, dup: true },
  },
  {
    name: 'SUBSCRIBE 3.1.1 to two filters',
    version: 4,
    sender: 'client',
    hex: '82 0d 0001 0003 612f23 01 0002 2b2f 02',
    packet: { type: 'subscribe', packetId: 1, subscriptions: [plain('a/#', 1), plain('+/', 2)], properties: {} },
  },
  {
    name: 'SUBSCRIBE 5 with every option and property',
    version: 5,
    sender: 'client',
    hex: `82 20 0001 0a 0b 8001 26 0001 61 0001 62
      0003 612f23 2e 000a 2473686172652f672f62 01`,
    packet: {
      type: 'subscribe',
      packetId: 1,
      subscriptions: [
        { filter: 'a/#', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 },
        plain('$share/g/b', 1),
      ],
      properties: { subscriptionIdentifier: [128], userProperties: [['a', 'b']] },
    },
  },
  {
    name: 'SUBACK 3.1',
    version: 3,
    sender: 'server',
    hex: '90 05 0001 00 01 02',
    packet: { type: 'suback', packetId: 1, reasonCodes: [0, 1, 2], properties: {} },
  },
  {
    name: 'SUBACK 3.1.1 that refuses one',
    version: 4,
    sender: 'server',
    hex: '90 04 0001 80 01',
    packet: { type: 'suback', packetId: 1, reasonCodes: [0x80, 1], properties: {} },
  },
  {
    name: 'SUBACK 5 with a reason string',
    version: 5,
    sender: 'server',
    hex: '90 0b 0001 04 1f 0001 78 00 01 02 87',
    packet: { type: 'suback', packetId: 1, reasonCodes: [0, 1, 2, 0x87], properties: { reasonString: 'x' } },
  },
  {
    name: 'UNSUBSCRIBE 3.1',
    version: 3,
    sender: 'client',
    hex: 'a2 05 0001 0001 61',
    packet: { type: 'unsubscribe', packetId: 1, filters: ['a'], properties: {} },
  },
  {
    name: 'UNSUBSCRIBE 3.1 again',
    version: 3,
    sender: 'client',
    hex: 'aa 05 0001 0001 61',
    packet: { type: 'unsubscribe', packetId: 1, filters: ['a'], properties: {}, dup: true },
  },
  {
    name: 'UNSUBSCRIBE 3.1.1 from two filters',
    version: 4,
    sender: 'client',
    hex: 'a2 08 0001 0001 61 0001 23',
    packet: { type: 'unsubscribe', packetId: 1, filters: ['a', '#'], properties: {} },
  },
  {
    name: 'UNSUBSCRIBE 5 with a user property',
    version: 5,
    sender: 'client',
    hex: 'a2 0d 0001 07 26 0001 61 0001 62 0001 61',
    packet: { type: 'unsubscribe', packetId: 1, filters: ['a'], properties: { userProperties: [['a', 'b']] } },
  },
  {
    name: 'UNSUBACK 3.1',
    version: 3,
    sender: 'server',
    hex: 'b0 02 0001',
    packet: { type: 'unsuback', packetId: 1, reasonCodes: [], properties: {} },
  },
  {
    name: 'UNSUBACK 3.1.1',
    version: 4,
    sender: 'server',
    hex: 'b0 02 0001',
    packet: { type: 'unsuback', packetId: 1, reasonCodes: [], properties: {} },
  },
  {
    name: 'UNSUBACK 5',
    version: 5,
    sender: 'server',
    hex: 'b0 06 0001 00 00 11 8f',
    packet: { type: 'unsuback', packetId: 1, reasonCodes: [0, 0x11, 0x8f], properties: {} },
  },
]
