import type { Packet as TheirPacket } from 'mqtt-packet'
import { propertyTable } from '../../../src/protocol/properties.ts'
import type { Packet, Properties, ProtocolVersion, Will } from '../../../src/protocol/wire/packet.ts'

/** Our packets in the shape that the mqtt-packet library reads and writes. */

const booleans = new Set(
  propertyTable.filter(({ dataType, key }) => dataType === 'byte' && key !== 'maximumQoS').map(({ key }) => key),
)

function theirProperties(properties: Properties): Record<string, unknown> | undefined {
  const entries = Object.entries(properties).map(([key, value]) => [key, theirValue(key, value)] as const)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function theirValue(key: string, value: unknown): unknown {
  if (key === 'userProperties') return groupedByName(value as Properties['userProperties'] & object)
  if (key === 'subscriptionIdentifier') {
    const list = value as readonly number[]
    return list.length === 1 ? list[0] : list
  }
  return booleans.has(key as keyof Properties) ? value === 1 : value
}

/** They keep user properties as an object: the order between names is lost, the order within a name is not. */
function groupedByName(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const grouped = new Map<string, string | string[]>()
  for (const [name, value] of pairs) {
    const before = grouped.get(name)
    grouped.set(name, before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value])
  }
  return Object.fromEntries(grouped)
}

function theirWill(will: Will) {
  const { topic, payload, qos, retain } = will
  return { topic, payload, qos, retain, ...withProperties(will.properties) }
}

function withProperties(properties: Properties) {
  const theirs = theirProperties(properties)
  return theirs === undefined ? {} : { properties: theirs }
}

export function toMqttPacket(packet: Packet, version: ProtocolVersion): TheirPacket {
  return shapeOf(packet, version) as unknown as TheirPacket
}

function shapeOf(packet: Packet, version: ProtocolVersion): Record<string, unknown> {
  const cmd = packet.type
  switch (packet.type) {
    case 'connect':
      return {
        cmd,
        protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
        protocolVersion: version,
        clean: packet.cleanStart,
        clientId: packet.clientId,
        keepalive: packet.keepAliveSeconds,
        ...(packet.username === undefined ? {} : { username: packet.username }),
        ...(packet.password === undefined ? {} : { password: packet.password }),
        ...(packet.will === undefined ? {} : { will: theirWill(packet.will) }),
        ...withProperties(packet.properties),
      }
    case 'connack': {
      const code = version === 5 ? { reasonCode: packet.reasonCode } : { returnCode: packet.reasonCode }
      return { cmd, sessionPresent: packet.sessionPresent, ...code, ...withProperties(packet.properties) }
    }
    case 'publish': {
      const { topic, payload, qos, retain, dup, packetId } = packet
      const messageId = packetId === undefined ? {} : { messageId: packetId }
      return { cmd, topic, payload, qos, retain, dup, ...messageId, ...withProperties(packet.properties) }
    }
    case 'subscribe':
      return {
        cmd,
        messageId: packet.packetId,
        subscriptions: packet.subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) =>
          version === 5
            ? { topic: filter, qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling }
            : { topic: filter, qos },
        ),
        ...withProperties(packet.properties),
      }
    case 'unsubscribe':
      return { cmd, messageId: packet.packetId, unsubscriptions: packet.filters, ...withProperties(packet.properties) }
    case 'suback':
    case 'unsuback': {
      const granted = packet.reasonCodes.length === 0 ? {} : { granted: packet.reasonCodes }
      return { cmd, messageId: packet.packetId, ...granted, ...withProperties(packet.properties) }
    }
    case 'pingreq':
    case 'pingresp':
      return { cmd }
    case 'disconnect':
    case 'auth':
      return version === 5 ? { cmd, reasonCode: packet.reasonCode, ...withProperties(packet.properties) } : { cmd }
    default: {
      const reason = version === 5 ? { reasonCode: packet.reasonCode } : {}
      return { cmd, messageId: packet.packetId, ...reason, ...withProperties(packet.properties) }
    }
  }
}
