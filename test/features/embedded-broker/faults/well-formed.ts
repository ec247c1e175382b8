import {
  byte,
  fourBytes,
  joined,
  packetOf,
  prefixed,
  twoBytes,
  variableByteInteger,
} from '../../../support/packets/byte-writer.ts'

export type Version = 3 | 4 | 5
export const versions: readonly Version[] = [3, 4, 5]

/** A property as it stands in the block: identifier, and its value in bytes. */
export interface Property {
  readonly id: number
  readonly value: Buffer
}

export type Part =
  | {
      readonly kind: 'string' | 'integer' | 'binary' | 'byte' | 'payload'
      readonly name: string
      readonly bytes: Buffer
    }
  | { readonly kind: 'properties'; readonly name: Carrier; readonly properties: readonly Property[] }

export type Carrier = 'connect' | 'will' | Exclude<PacketName, 'pingreq'>

export type PacketName =
  | 'connect'
  | 'publish'
  | 'puback'
  | 'pubrec'
  | 'pubrel'
  | 'pubcomp'
  | 'subscribe'
  | 'unsubscribe'
  | 'pingreq'
  | 'disconnect'

/** A packet that a client may send, taken apart so that one part can be spoilt. */
export interface Model {
  readonly packet: PacketName
  readonly version: Version
  readonly first: number
  readonly parts: readonly Part[]
}

export function bytesOf(model: Model): Buffer {
  return packetOf(model.first, ...model.parts.map(partBytes))
}

export function partBytes(part: Part): Buffer {
  if (part.kind !== 'properties') return part.bytes
  const block = joined(...part.properties.map(({ id, value }) => joined(byte(id), value)))
  return joined(variableByteInteger(block.length), block)
}

export function string(name: string, value: string | Buffer): Part {
  return { kind: 'string', name, bytes: prefixed(value) }
}

export function integer(name: string, value: number): Part {
  return { kind: 'integer', name, bytes: twoBytes(value) }
}

function binary(name: string, value: string): Part {
  return { kind: 'binary', name, bytes: prefixed(value) }
}

export function oneByte(name: string, value: number): Part {
  return { kind: 'byte', name, bytes: byte(value) }
}

function block(carrier: Carrier, version: Version): Part[] {
  return version === 5 ? [{ kind: 'properties', name: carrier, properties: [] }] : []
}

export function connectModel(version: Version, flags = 0xc6): Model {
  const will = [...block('will', version), string('will topic', 'will/topic'), binary('will payload', 'gone')]
  const parts = [
    string('protocol name', version === 3 ? 'MQIsdp' : 'MQTT'),
    oneByte('protocol level', version),
    oneByte('connect flags', flags),
    integer('keep alive', 60),
    ...block('connect', version),
    string('client identifier', 'client'),
    ...((flags & 0x04) === 0 ? [] : will),
    ...((flags & 0x80) === 0 ? [] : [string('user name', 'user')]),
    ...((flags & 0x40) === 0 ? [] : [binary('password', 'word')]),
  ]
  return { packet: 'connect', version, first: 0x10, parts }
}

export function publishModel(version: Version, qos: 0 | 1 | 2): Model {
  const parts: Part[] = [
    string('topic name', 'home/door'),
    ...(qos === 0 ? [] : [integer('packet identifier', 7)]),
    ...block('publish', version),
    { kind: 'payload', name: 'payload', bytes: Buffer.from('open') },
  ]
  return { packet: 'publish', version, first: 0x30 | (qos << 1), parts }
}

const acknowledgements = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const

/** At MQTT 5 in full, with the reason and the property length that could be left out. */
export function acknowledgementModel(packet: keyof typeof acknowledgements, version: Version): Model {
  const full = version === 5 ? [oneByte('reason code', 0), ...block(packet, version)] : []
  return { packet, version, first: acknowledgements[packet], parts: [integer('packet identifier', 7), ...full] }
}

export function subscribeModel(version: Version): Model {
  const parts = [
    integer('packet identifier', 7),
    ...block('subscribe', version),
    string('topic filter', 'home/+/door'),
    oneByte('subscription options', 1),
    string('second topic filter', 'garden/#'),
    oneByte('second subscription options', 0),
  ]
  return { packet: 'subscribe', version, first: 0x82, parts }
}

export function unsubscribeModel(version: Version): Model {
  const filters = [string('topic filter', 'home/+/door'), string('second topic filter', 'garden/#')]
  const parts = [integer('packet identifier', 7), ...block('unsubscribe', version), ...filters]
  return { packet: 'unsubscribe', version, first: 0xa2, parts }
}

export function disconnectModel(version: Version): Model {
  const parts = version === 5 ? [oneByte('reason code', 0), ...block('disconnect', version)] : []
  return { packet: 'disconnect', version, first: 0xe0, parts }
}

export function pingreqModel(version: Version): Model {
  return { packet: 'pingreq', version, first: 0xc0, parts: [] }
}

/** One or more of each packet that a client may send. */
export function modelsOf(version: Version): readonly Model[] {
  return [
    connectModel(version),
    ...([0, 1, 2] as const).map((qos) => publishModel(version, qos)),
    ...(['puback', 'pubrec', 'pubrel', 'pubcomp'] as const).map((packet) => acknowledgementModel(packet, version)),
    subscribeModel(version),
    unsubscribeModel(version),
    pingreqModel(version),
    disconnectModel(version),
  ]
}

export function replacePart(model: Model, name: string, ...replacement: readonly Part[]): Model {
  const parts = model.parts.flatMap((part) => (part.name === name ? replacement : [part]))
  return { ...model, parts }
}

export function withProperties(model: Model, carrier: Carrier, ...properties: readonly Property[]): Model {
  return replacePart(model, carrier, { kind: 'properties', name: carrier, properties })
}

const pair = (name: string, value: string) => joined(prefixed(name), prefixed(value))

/** Every property of MQTT 5 with a value that is in range, by identifier. */
export const propertyValues: ReadonlyMap<number, Buffer> = new Map([
  [0x01, byte(1)],
  [0x02, fourBytes(3600)],
  [0x03, prefixed('text/plain')],
  [0x08, prefixed('answer/here')],
  [0x09, prefixed('correlation')],
  [0x0b, variableByteInteger(300)],
  [0x11, fourBytes(0)],
  [0x12, prefixed('assigned')],
  [0x13, twoBytes(30)],
  [0x15, prefixed('method')],
  [0x16, prefixed('data')],
  [0x17, byte(1)],
  [0x18, fourBytes(0)],
  [0x19, byte(0)],
  [0x1a, prefixed('response')],
  [0x1c, prefixed('other:1883')],
  [0x1f, prefixed('because')],
  [0x21, twoBytes(20)],
  [0x22, twoBytes(10)],
  [0x23, twoBytes(1)],
  [0x24, byte(1)],
  [0x25, byte(1)],
  [0x26, pair('name', 'value')],
  [0x27, fourBytes(1_000_000)],
  [0x28, byte(1)],
  [0x29, byte(1)],
  [0x2a, byte(1)],
])

export function property(id: number, value = propertyValues.get(id)): Property {
  if (value === undefined) throw new Error(`no value for property ${id}`)
  return { id, value }
}
