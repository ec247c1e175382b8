import { ReasonCode } from '../reason-code.ts'
import type { FieldReader } from './field-reader.ts'
import type { Connect, ProtocolVersion, QoS, Will } from './packet.ts'
import { checkTopicName, requirePresent } from './read-fields.ts'
import { readProperties } from './read-properties.ts'
import { rules } from './rules.ts'

/** Of the level in a CONNECT of mosquitto's bridges. */
const bridgeBit = 0x80

interface ConnectFlags {
  readonly username: boolean
  readonly password: boolean
  readonly willRetain: boolean
  /** 3 is possible here, and is refused. */
  readonly willQos: number
  readonly will: boolean
  readonly cleanStart: boolean
}

export function readConnect(reader: FieldReader): Connect | undefined {
  const protocol = readProtocol(reader)
  if (protocol === undefined) return undefined
  const flags = readFlags(reader)
  const keepAliveSeconds = reader.uint16('keepAliveSeconds')
  const properties = readProperties(reader, 'connect')
  const clientId = readClientId(reader, flags.cleanStart)
  const will = flags.will ? readWill(reader, flags) : undefined
  const username = flags.username ? readUsername(reader) : undefined
  const password = flags.password ? readPassword(reader) : undefined
  return {
    type: 'connect',
    version: reader.version,
    ...(protocol.bridge ? { bridge: true } : {}),
    cleanStart: flags.cleanStart,
    keepAliveSeconds,
    clientId,
    ...(will === undefined ? {} : { will }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    properties,
  }
}

/** The name and the level decide how everything after them is read; a wrong one ends the reading. */
function readProtocol(reader: FieldReader): { readonly bridge: boolean } | undefined {
  const nameStart = reader.at
  const name = reader.string('protocolName')
  if (!reader.stopped && name !== 'MQTT' && name !== 'MQIsdp') {
    reader.fault(
      rules.protocolName,
      nameStart,
      ReasonCode.unsupportedProtocolVersion,
      'the protocol name is neither MQTT nor MQIsdp',
    )
  }
  const levelStart = reader.at
  const byte = reader.byte('protocolLevel')
  const bridge = byte === (bridgeBit | 3) || byte === (bridgeBit | 4)
  const level = bridge ? byte & ~bridgeBit : byte
  reader.noteBits('protocolLevel', bridge ? { bridge } : {})
  if (!reader.stopped && !isLevelOf(name, level)) {
    // [MQTT-3.1.2-2]: the version is not known, so MQTT 5 is cited
    const message = `protocol level ${byte} is not one of ${name === 'MQTT' ? 'MQTT (4, 5)' : 'MQIsdp (3)'}`
    reader.fault(rules.protocolLevel.v5, levelStart, ReasonCode.unsupportedProtocolVersion, message)
    reader.stop()
  }
  if (reader.stopped) return undefined
  reader.version = level as ProtocolVersion
  return { bridge }
}

function isLevelOf(name: string, level: number): boolean {
  if (name === 'MQTT') return level === 4 || level === 5
  return name === 'MQIsdp' ? level === 3 : level >= 3 && level <= 5 // a name that is wrong leaves the level
}

function readFlags(reader: FieldReader): ConnectFlags {
  const start = reader.at
  const byte = reader.byte('connectFlags')
  const flags = {
    username: (byte & 0x80) !== 0,
    password: (byte & 0x40) !== 0,
    willRetain: (byte & 0x20) !== 0,
    willQos: (byte >> 3) & 3,
    will: (byte & 0x04) !== 0,
    cleanStart: (byte & 0x02) !== 0,
  }
  reader.noteBits('connectFlags', flags)
  if ((byte & 1) !== 0 && reader.version !== 3)
    reader.fault(rules.connectReserved, start, ReasonCode.malformedPacket, 'the reserved connect flag is set')
  checkWillFlags(reader, flags, start)
  if (flags.password && !flags.username && reader.version < 5) {
    reader.fault(rules.passwordNeedsUsername, start, ReasonCode.protocolError, 'a password without a user name')
  }
  return flags
}

function checkWillFlags(reader: FieldReader, flags: ConnectFlags, start: number): void {
  if (flags.will) {
    if (flags.willQos === 3) reader.fault(rules.willQos, start, ReasonCode.malformedPacket, 'the Will QoS is 3')
    return
  }
  if (flags.willQos !== 0) {
    reader.fault(rules.willQosWithoutWill, start, ReasonCode.malformedPacket, 'a Will QoS without the Will Flag')
  }
  if (flags.willRetain)
    reader.fault(rules.willRetainWithoutWill, start, ReasonCode.malformedPacket, 'Will Retain without the Will Flag')
}

function readClientId(reader: FieldReader, cleanStart: boolean): string {
  requirePresent(reader, rules.clientIdPresent, 'the Client Identifier')
  const start = reader.at
  const clientId = reader.string('clientId')
  if (clientId === '' && (reader.version === 3 || (reader.version === 4 && !cleanStart))) {
    const message =
      reader.version === 3
        ? 'MQTT 3.1 has no empty Client Identifier'
        : 'an empty Client Identifier needs Clean Session'
    reader.fault(rules.clientIdEmpty, start, ReasonCode.clientIdentifierNotValid, message)
  }
  return clientId
}

function readWill(reader: FieldReader, flags: ConnectFlags): Will {
  requirePresent(reader, rules.willPresent, 'the will')
  const properties = readProperties(reader, 'will')
  const start = reader.at
  const topic = reader.string('will.topic')
  checkTopicName(reader, topic, start, rules.topicNoWildcard)
  const payload = reader.binary('will.payload')
  return { topic, payload, qos: flags.willQos as QoS, retain: flags.willRetain, properties }
}

function readUsername(reader: FieldReader): string | undefined {
  if (isLeftOut(reader)) return undefined
  requirePresent(reader, rules.usernamePresent, 'the User Name')
  return reader.string('username')
}

function readPassword(reader: FieldReader): Buffer | undefined {
  if (isLeftOut(reader)) return undefined
  requirePresent(reader, rules.passwordPresent, 'the Password')
  return reader.binary('password', true)
}

/** MQTT 3.1 lets CONNECT end before them: `mqtt31-exceptions.ts`. */
function isLeftOut(reader: FieldReader): boolean {
  return reader.version === 3 && reader.at === reader.end
}
