import type {
  Acknowledgement,
  Connect,
  Packet,
  ProtocolVersion,
  Publish,
  QoS,
  SubscriptionRequest,
  Will,
} from '../../protocol/wire/packet.ts'
import { badField, base64Bytes, integerOf, JsonFields, textOf } from './json-fields.ts'
import { propertiesFromJson } from './properties-from-json.ts'

const largestUint16 = 65_535
const defaultKeepAliveSeconds = 60

/** A packet in the shape of `--json`. What it can do without has the usual default; every other fault names its field. */
export function packetFromJson(value: unknown, path: string, version: ProtocolVersion): Packet {
  const fields = new JsonFields(value, path)
  const type = fields.text('type')
  const read = Object.hasOwn(readers, type) ? readers[type as Packet['type']] : undefined
  if (read !== undefined) return read(fields, version)
  throw badField(
    fields.pathOf('type'),
    `${JSON.stringify(type)} is no packet`,
    `use one of ${Object.keys(readers).join(', ')}`,
  )
}

/** The version that a record or its CONNECT names. */
export function versionFromJson(fields: JsonFields, name: string): ProtocolVersion | undefined {
  if (!fields.has(name)) return undefined
  const version = fields.raw(name)
  if (version === 3 || version === 4 || version === 5) return version
  throw badField(fields.pathOf(name), `is ${JSON.stringify(version)}`, 'write 5, 4 (for 3.1.1) or 3 (for 3.1)')
}

type Reader = (fields: JsonFields, version: ProtocolVersion) => Packet

const readers: Readonly<Record<Packet['type'], Reader>> = {
  connect: connectFrom,
  connack: (fields) => {
    known(fields, 'sessionPresent', 'reasonCode', 'reasonName')
    const sessionPresent = fields.flag('sessionPresent')
    return {
      type: 'connack',
      sessionPresent,
      reasonCode: codeIn(fields),
      properties: propertiesFromJson(fields, 'connack'),
    }
  },
  publish: publishFrom,
  puback: (fields) => acknowledgementFrom(fields, 'puback'),
  pubrec: (fields) => acknowledgementFrom(fields, 'pubrec'),
  pubrel: (fields) => acknowledgementFrom(fields, 'pubrel'),
  pubcomp: (fields) => acknowledgementFrom(fields, 'pubcomp'),
  subscribe: (fields) => {
    known(fields, 'packetId', 'subscriptions', 'dup')
    const subscriptions = fields
      .list('subscriptions')
      .map((value, index) => requestFrom(new JsonFields(value, `${fields.pathOf('subscriptions')}[${index}]`)))
    return {
      type: 'subscribe',
      ...requestIn(fields),
      subscriptions,
      properties: propertiesFromJson(fields, 'subscribe'),
    }
  },
  suback: (fields) => subscriptionAckFrom(fields, 'suback'),
  unsubscribe: (fields) => {
    known(fields, 'packetId', 'filters', 'dup')
    const filters = fields.list('filters').map((value, index) => textOf(value, `${fields.pathOf('filters')}[${index}]`))
    return { type: 'unsubscribe', ...requestIn(fields), filters, properties: propertiesFromJson(fields, 'unsubscribe') }
  },
  unsuback: (fields, version) => subscriptionAckFrom(fields, 'unsuback', version < 5),
  pingreq: (fields) => {
    fields.refuseUnknown(['type'])
    return { type: 'pingreq' }
  },
  pingresp: (fields) => {
    fields.refuseUnknown(['type'])
    return { type: 'pingresp' }
  },
  disconnect: (fields) => outcomeFrom(fields, 'disconnect'),
  auth: (fields) => outcomeFrom(fields, 'auth'),
}

function known(fields: JsonFields, ...names: readonly string[]): void {
  fields.refuseUnknown(['type', ...names, 'properties'])
}

function codeIn(fields: JsonFields): number {
  return fields.integer('reasonCode', 0xff, 0)
}

/** MQTT 3.1 alone has DUP outside PUBLISH. */
function dupIn(fields: JsonFields): { readonly dup?: true } {
  return fields.flag('dup') ? { dup: true } : {}
}

function requestIn(fields: JsonFields): { readonly packetId: number; readonly dup?: true } {
  return { packetId: fields.integer('packetId', largestUint16), ...dupIn(fields) }
}

function connectFrom(fields: JsonFields, version: ProtocolVersion): Connect {
  known(fields, 'version', 'bridge', 'cleanStart', 'keepAliveSeconds', 'clientId', 'will', 'username', 'password')
  return {
    type: 'connect',
    version,
    ...(fields.flag('bridge') && version < 5 ? { bridge: true } : {}),
    cleanStart: fields.flag('cleanStart', true),
    keepAliveSeconds: fields.integer('keepAliveSeconds', largestUint16, defaultKeepAliveSeconds),
    clientId: fields.text('clientId', ''),
    ...(fields.has('will') && { will: willFrom(new JsonFields(fields.raw('will'), fields.pathOf('will'))) }),
    ...(fields.has('username') && { username: fields.text('username') }),
    ...(fields.has('password') && { password: fields.bytes('password') }),
    properties: propertiesFromJson(fields, 'connect'),
  }
}

function willFrom(fields: JsonFields): Will {
  known(fields, 'topic', 'qos', 'retain', 'payload', 'encoding', 'payloadBytes')
  return {
    topic: fields.text('topic'),
    payload: payloadIn(fields),
    qos: qosIn(fields),
    retain: fields.flag('retain'),
    properties: propertiesFromJson(fields, 'will'),
  }
}

function publishFrom(fields: JsonFields, _version: ProtocolVersion): Publish {
  known(fields, 'topic', 'payload', 'encoding', 'qos', 'retain', 'dup', 'packetId')
  const qos = qosIn(fields)
  return {
    type: 'publish',
    topic: fields.text('topic'),
    payload: payloadIn(fields),
    qos,
    retain: fields.flag('retain'),
    dup: fields.flag('dup'),
    ...(qos > 0 && { packetId: fields.integer('packetId', largestUint16) }),
    properties: propertiesFromJson(fields, 'publish'),
  }
}

function qosIn(fields: JsonFields): QoS {
  return fields.integer('qos', 2, 0) as QoS
}

/** Text, or base64 where `encoding` says so. */
function payloadIn(fields: JsonFields): Buffer {
  const encoding = fields.text('encoding', 'utf8')
  if (encoding === 'utf8') return Buffer.from(fields.text('payload', ''))
  if (encoding === 'base64') return base64Bytes(fields.text('payload', ''), fields.pathOf('payload'))
  throw badField(fields.pathOf('encoding'), `is ${JSON.stringify(encoding)}`, 'write utf8 or base64')
}

function acknowledgementFrom(fields: JsonFields, type: Acknowledgement['type']): Acknowledgement {
  known(fields, 'packetId', 'reasonCode', 'reasonName', 'dup')
  return { type, ...requestIn(fields), reasonCode: codeIn(fields), properties: propertiesFromJson(fields, type) }
}

function requestFrom(fields: JsonFields): SubscriptionRequest {
  fields.refuseUnknown(['filter', 'qos', 'noLocal', 'retainAsPublished', 'retainHandling'])
  return {
    filter: fields.text('filter'),
    qos: qosIn(fields),
    noLocal: fields.flag('noLocal'),
    retainAsPublished: fields.flag('retainAsPublished'),
    retainHandling: fields.integer('retainHandling', 2, 0) as 0 | 1 | 2,
  }
}

function subscriptionAckFrom(fields: JsonFields, type: 'suback' | 'unsuback', hasNoCodes = false): Packet {
  known(fields, 'packetId', 'reasonCodes', 'reasonNames')
  const codes = hasNoCodes && !fields.has('reasonCodes') ? [] : fields.list('reasonCodes')
  const reasonCodes = codes.map((code, index) => integerOf(code, `${fields.pathOf('reasonCodes')}[${index}]`, 0xff))
  const packetId = fields.integer('packetId', largestUint16)
  return { type, packetId, reasonCodes, properties: propertiesFromJson(fields, type) }
}

function outcomeFrom(fields: JsonFields, type: 'disconnect' | 'auth'): Packet {
  known(fields, 'reasonCode', 'reasonName')
  return { type, reasonCode: codeIn(fields), properties: propertiesFromJson(fields, type) }
}
