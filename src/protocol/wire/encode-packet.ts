import { FieldWriter } from './field-writer.ts'
import type {
  Acknowledgement,
  Auth,
  Connack,
  Connect,
  Disconnect,
  Packet,
  ProtocolVersion,
  Publish,
  Suback,
  Subscribe,
  SubscriptionRequest,
  Unsuback,
  Unsubscribe,
  Will,
} from './packet.ts'
import { fixedFlags, packetCode } from './packet-types.ts'
import { hasProperties, writeProperties } from './write-properties.ts'

/**
 * The canonical bytes of a packet: shortest lengths, properties ascending by identifier, reason code and properties left
 * out where both would say nothing. What the version has no place for (properties below MQTT 5) is not written.
 * The packet must be valid; only what cannot be written at all (a field over 65,535 bytes) is refused, by RangeError.
 */
export function encodePacket(packet: Packet, version: ProtocolVersion): Buffer {
  const writer = new FieldWriter()
  writeBody(writer, packet, version)
  return writer.finish((packetCode(packet.type) << 4) | flagsOf(packet))
}

function flagsOf(packet: Packet): number {
  if (packet.type === 'publish') return (packet.dup ? 8 : 0) | (packet.qos << 1) | (packet.retain ? 1 : 0)
  const dup = 'dup' in packet && packet.dup === true ? 8 : 0 // MQTT 3.1 alone
  return fixedFlags(packet.type) | dup
}

function writeBody(writer: FieldWriter, packet: Packet, version: ProtocolVersion): void {
  switch (packet.type) {
    case 'connect':
      writeConnect(writer, packet)
      break
    case 'connack':
      writeConnack(writer, packet, version)
      break
    case 'publish':
      writePublish(writer, packet, version)
      break
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      writeAcknowledgement(writer, packet, version)
      break
    case 'subscribe':
      writeSubscribe(writer, packet, version)
      break
    case 'unsubscribe':
      writeUnsubscribe(writer, packet, version)
      break
    case 'suback':
    case 'unsuback':
      writeSubscriptionAck(writer, packet, version)
      break
    case 'disconnect':
    case 'auth':
      writeOutcome(writer, packet, version)
      break
    case 'pingreq':
    case 'pingresp':
      break
  }
}

function writeConnect(writer: FieldWriter, packet: Connect): void {
  const { version, will, username, password } = packet
  writer.string(version === 3 ? 'MQIsdp' : 'MQTT')
  writer.byte(packet.bridge === true ? version | 0x80 : version)
  writer.byte(connectFlags(packet))
  writer.uint16(packet.keepAliveSeconds)
  if (version === 5) writeProperties(writer, packet.properties)
  writer.string(packet.clientId)
  if (will !== undefined) writeWill(writer, will, version)
  if (username !== undefined) writer.string(username)
  if (password !== undefined) writer.binary(password)
}

function connectFlags({ will, username, password, cleanStart }: Connect): number {
  let flags = cleanStart ? 0x02 : 0
  if (will !== undefined) flags |= 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0)
  if (password !== undefined) flags |= 0x40
  if (username !== undefined) flags |= 0x80
  return flags
}

function writeWill(writer: FieldWriter, will: Will, version: ProtocolVersion): void {
  if (version === 5) writeProperties(writer, will.properties)
  writer.string(will.topic)
  writer.binary(will.payload)
}

function writeConnack(writer: FieldWriter, packet: Connack, version: ProtocolVersion): void {
  writer.byte(packet.sessionPresent ? 1 : 0)
  writer.byte(packet.reasonCode)
  if (version === 5) writeProperties(writer, packet.properties)
}

function writePublish(writer: FieldWriter, packet: Publish, version: ProtocolVersion): void {
  writer.string(packet.topic)
  if (packet.packetId !== undefined) writer.uint16(packet.packetId)
  if (version === 5) writeProperties(writer, packet.properties)
  writer.raw(packet.payload)
}

function writeAcknowledgement(writer: FieldWriter, packet: Acknowledgement, version: ProtocolVersion): void {
  writer.uint16(packet.packetId)
  writeOutcome(writer, packet, version)
}

/** Reason code and properties, or nothing when the reason is 0 and there are none. */
function writeOutcome(
  writer: FieldWriter,
  packet: Acknowledgement | Disconnect | Auth,
  version: ProtocolVersion,
): void {
  if (version < 5 || (packet.reasonCode === 0 && !hasProperties(packet.properties))) return
  writer.byte(packet.reasonCode)
  writeProperties(writer, packet.properties)
}

function writeSubscribe(writer: FieldWriter, packet: Subscribe, version: ProtocolVersion): void {
  writer.uint16(packet.packetId)
  if (version === 5) writeProperties(writer, packet.properties)
  for (const request of packet.subscriptions) {
    writer.string(request.filter)
    writer.byte(version === 5 ? subscriptionOptions(request) : request.qos)
  }
}

function subscriptionOptions(request: SubscriptionRequest): number {
  const noLocal = request.noLocal ? 0x04 : 0
  const retainAsPublished = request.retainAsPublished ? 0x08 : 0
  return request.qos | noLocal | retainAsPublished | (request.retainHandling << 4)
}

function writeUnsubscribe(writer: FieldWriter, packet: Unsubscribe, version: ProtocolVersion): void {
  writer.uint16(packet.packetId)
  if (version === 5) writeProperties(writer, packet.properties)
  for (const filter of packet.filters) writer.string(filter)
}

function writeSubscriptionAck(writer: FieldWriter, packet: Suback | Unsuback, version: ProtocolVersion): void {
  writer.uint16(packet.packetId)
  if (version === 5) writeProperties(writer, packet.properties)
  if (version === 5 || packet.type === 'suback') writer.raw(Uint8Array.from(packet.reasonCodes))
}
