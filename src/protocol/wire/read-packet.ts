import { ReasonCode } from '../reason-code.ts'
import type { FieldReader } from './field-reader.ts'
import { prescribedFlags31 } from './mqtt31-exceptions.ts'
import type { Packet } from './packet.ts'
import { type PacketTypeRow, packetTypes, sendersOf } from './packet-types.ts'
import { readAcknowledgement } from './read-acknowledgement.ts'
import { readConnack } from './read-connack.ts'
import { readConnect } from './read-connect.ts'
import { readAuth, readDisconnect } from './read-disconnect.ts'
import { readPublish } from './read-publish.ts'
import { readSuback, readUnsuback } from './read-suback.ts'
import { readSubscribe, readUnsubscribe } from './read-subscribe.ts'
import { rules } from './rules.ts'

/** One whole control packet. The result counts only if the reader met no violation. */
export function readPacket(reader: FieldReader): Packet | undefined {
  const start = reader.at
  const span = reader.open('fixed header', start)
  const firstByte = reader.takeByte('the fixed header')
  const form = reader.stopped ? undefined : readForm(reader, firstByte)
  if (form === undefined) return undefined
  const isMinimal = readRemainingLength(reader)
  if (!isMinimal && form.type !== 'connect') checkMinimal(reader, start)
  reader.close(span)
  const packet = reader.stopped ? undefined : readBody(reader, form, firstByte & 0x0f)
  if (!isMinimal && form.type === 'connect') checkMinimal(reader, start)
  if (reader.at < reader.end) {
    const surplus = reader.end - reader.at
    reader.fault(rules.remainingLength, reader.at, ReasonCode.malformedPacket, `${surplus} bytes after the last field`)
  }
  return packet
}

/** Of MQTT 5 alone, and CONNECT tells its version only behind its length. */
function checkMinimal(reader: FieldReader, start: number): void {
  if (reader.version !== 5) return
  const message = 'the Remaining Length is written in more bytes than it needs'
  reader.faultInHeader(rules.integerMinimal, start + 1, ReasonCode.malformedPacket, message)
}

function readForm(reader: FieldReader, firstByte: number): PacketTypeRow | undefined {
  const form = packetTypes[firstByte >> 4]
  if (form === undefined) {
    reader.fault(rules.packetType, reader.origin, ReasonCode.malformedPacket, 'control packet type 0 is reserved')
    return undefined
  }
  reader.packet = form.type
  reader.note('fixed header.type', reader.origin, form.type)
  reader.note('fixed header.flags', reader.origin, firstByte & 0x0f)
  checkSender(reader, form)
  checkFlags(reader, form, firstByte & 0x0f)
  return form
}

function checkSender(reader: FieldReader, form: PacketTypeRow): void {
  const senders = sendersOf(form, reader.version)
  if (senders.includes(reader.sender)) return
  const name = form.type.toUpperCase()
  if (senders.length === 0) {
    reader.fault(rules.packetType, reader.origin, ReasonCode.malformedPacket, `${name} does not exist below MQTT 5`)
    reader.stop()
  } else {
    reader.fault(rules.packetType, reader.origin, ReasonCode.protocolError, `a ${reader.sender} may not send ${name}`)
  }
}

function checkFlags(reader: FieldReader, form: PacketTypeRow, flags: number): void {
  if (form.flags === undefined) {
    const bits = { dup: (flags & 8) !== 0, qos: (flags >> 1) & 3, retain: (flags & 1) !== 0 }
    if (reader.isAnnotating) reader.noteBits('fixed header.flags', bits)
    return
  }
  const prescribed = isOfMqtt31(reader, form) ? prescribedFlags31(form.type) : 0x0f
  if ((flags & prescribed) === (form.flags & prescribed)) return
  const message = `the fixed header flags are ${flags} and must be ${form.flags}`
  reader.fault(form.flagsRule, reader.origin, ReasonCode.malformedPacket, message)
}

/** CONNECT tells its version only behind its flags. */
function isOfMqtt31(reader: FieldReader, form: PacketTypeRow): boolean {
  if (form.type !== 'connect') return reader.version === 3
  const nameAt = reader.at + reader.bytes.subarray(reader.at, reader.at + 4).findIndex((byte) => byte < 0x80) + 1
  const level = reader.bytes[nameAt + 8] ?? 0
  return reader.bytes.toString('latin1', nameAt + 2, nameAt + 8) === 'MQIsdp' && (level & 0x7f) === 3
}

/** Makes the packet end where its Remaining Length says. Whether the length is minimal is judged when the version is known. */
function readRemainingLength(reader: FieldReader): boolean {
  const start = reader.at
  let length = 0
  let size = 0
  let byte = 0x80
  while (byte >= 0x80 && size < 4) {
    byte = reader.takeByte('the Remaining Length')
    length += (byte & 0x7f) * 128 ** size++
  }
  if (byte >= 0x80) {
    reader.fault(rules.remainingLength, start, ReasonCode.malformedPacket, 'the Remaining Length has a fifth byte')
    reader.stop()
  }
  reader.note('fixed header.remainingLength', start, length)
  checkFrameEnd(reader, start, length)
  return size === 1 || byte !== 0
}

/** The splitter hands in whole packets; a capture file may end inside one. */
function checkFrameEnd(reader: FieldReader, start: number, length: number): void {
  const present = reader.end - reader.at
  if (present === length) return
  reader.fault(
    rules.remainingLength,
    start,
    ReasonCode.malformedPacket,
    `the Remaining Length is ${length}, but ${present} bytes follow`,
  )
  if (length < present && !reader.stopped) reader.end = reader.at + length
}

function readBody(reader: FieldReader, form: PacketTypeRow, flags: number): Packet | undefined {
  switch (form.type) {
    case 'connect':
      return readConnect(reader)
    case 'connack':
      return readConnack(reader)
    case 'publish':
      return readPublish(reader, flags)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return readAcknowledgement(reader, form.type, flags)
    case 'subscribe':
      return readSubscribe(reader, flags)
    case 'suback':
      return readSuback(reader)
    case 'unsubscribe':
      return readUnsubscribe(reader, flags)
    case 'unsuback':
      return readUnsuback(reader)
    case 'pingreq':
      return { type: 'pingreq' }
    case 'pingresp':
      return { type: 'pingresp' }
    case 'disconnect':
      return readDisconnect(reader)
    case 'auth':
      return readAuth(reader)
  }
}
