import { byte, joined, packetOf } from '../../../support/packets/byte-writer.ts'
import { type Fault, fault, type Rules, ruleFor } from './fault.ts'
import {
  acknowledgementModel,
  bytesOf,
  connectModel,
  type Model,
  modelsOf,
  type PacketName,
  partBytes,
  pingreqModel,
  publishModel,
  type Version,
  versions,
} from './well-formed.ts'

const flags: Readonly<Record<Exclude<PacketName, 'publish'>, Rules>> = {
  connect: { v5: '[MQTT-2.1.3-1]', below: '[MQTT-2.1.3-1]' }, // the version stands behind them
  puback: { v5: '[MQTT-2.1.3-1]', below: '[MQTT-3.1.1:2.2.2-2]' },
  pubrec: { v5: '[MQTT-2.1.3-1]', below: '[MQTT-3.1.1:2.2.2-2]' },
  pubrel: { v5: '[MQTT-3.6.1-1]', below: '[MQTT-3.1.1:3.6.1-1]' },
  pubcomp: { v5: '[MQTT-2.1.3-1]', below: '[MQTT-3.1.1:2.2.2-2]' },
  subscribe: { v5: '[MQTT-3.8.1-1]', below: '[MQTT-3.1.1:3.8.1-1]' },
  unsubscribe: { v5: '[MQTT-3.10.1-1]', below: '[MQTT-3.1.1:3.10.1-1]' },
  pingreq: { v5: '[MQTT-2.1.3-1]', below: '[MQTT-3.1.1:2.2.2-2]' },
  disconnect: { v5: '[MQTT-3.14.1-1]', below: '[MQTT-3.1.1:3.14.1-1]' },
}

const length: Rules = { v5: '[MQTT5 §2.1.4]', below: '[MQTT3.1.1 §2.2.3]' }
const packetType: Rules = { v5: '[MQTT5 §2.1.2]', below: '[MQTT3.1.1 §2.2.1]' }
const first: Rules = { v5: '[MQTT-3.1.0-1]', below: '[MQTT-3.1.0-1]' } // without CONNECT there is no version to cite for
const second: Rules = { v5: '[MQTT-3.1.0-2]', below: '[MQTT-3.1.1:3.1.0-2]' }
const afterDisconnect: Rules = { v5: '[MQTT-3.14.4-1]', below: '[MQTT-3.1.1:3.14.4-2]' }

/** The fixed header, the length of the packet, and its place among others. */
export function headerFaults(): readonly Fault[] {
  return versions.flatMap((version) => {
    const models = modelsOf(version)
    return [
      ...models.flatMap(wrongFlags),
      ...models.flatMap(cutInsideFields),
      ...models.flatMap(trailingBytes),
      ...models.flatMap(longLengths),
      ...models.map(afterDisconnectFault),
      ...models.filter(({ packet }) => packet !== 'connect').map(beforeConnect),
      ...notFromClients(version),
      inAnotherPlace('a second time', connectModel(version), version, second),
      publishFlags(version, 0, 0x08, { v5: '[MQTT-3.3.1-2]', below: '[MQTT-3.1.1:3.3.1-2]' }),
      publishFlags(version, 1, 0x04, { v5: '[MQTT-3.3.1-4]', below: '[MQTT-3.1.1:3.3.1-4]' }),
      publishFlags(version, 2, 0x02, { v5: '[MQTT-3.3.1-4]', below: '[MQTT-3.1.1:3.3.1-4]' }),
    ]
  })
}

/** Every value of the low four bits but the right one; MQTT 3.1 allows DUP in three packets, and anything in CONNECT. */
function wrongFlags(model: Model): Fault[] {
  const { packet, version } = model
  if (packet === 'publish' || (packet === 'connect' && version === 3)) return []
  const mayCarryDup = version === 3 && ['pubrel', 'subscribe', 'unsubscribe'].includes(packet)
  return Array.from({ length: 16 }, (_, low) => low)
    .filter((low) => low !== (model.first & 0x0f) && !(mayCarryDup && low === ((model.first & 0x0f) | 8)))
    .map((low) =>
      fault(
        `with flags ${low}`,
        model,
        { ...model, first: (model.first & 0xf0) | low },
        ruleFor(flags[packet], version),
      ),
    )
}

function publishFlags(version: Version, qos: 0 | 1 | 2, bit: number, rule: Rules): Fault {
  const model = publishModel(version, qos)
  return fault(`at QoS ${qos} with bit ${bit}`, model, { ...model, first: model.first | bit }, ruleFor(rule, version))
}

/** The packet ends, by its own length, in the middle of a field of two bytes or more. */
function cutInsideFields(model: Model): Fault[] {
  const cuttable = model.parts.flatMap((part, index) => {
    const isCuttable = ['string', 'integer', 'binary'].includes(part.kind)
    return isCuttable ? [{ index, name: part.name, bytes: partBytes(part) }] : []
  })
  return cuttable.flatMap(({ index, name, bytes }) => {
    const before = model.parts.slice(0, index).map(partBytes)
    const places = bytes.length > 2 ? [1, bytes.length - 1] : [1]
    return places.map((kept) =>
      fault(
        `cut ${kept} bytes into the ${name}`,
        model,
        packetOf(model.first, ...before, bytes.subarray(0, kept)),
        name === 'protocol name' ? length.v5 : ruleFor(length, model.version),
      ),
    )
  })
}

/** PUBLISH takes everything for payload, SUBSCRIBE and UNSUBSCRIBE for the next filter. */
function trailingBytes(model: Model): Fault[] {
  if (['publish', 'subscribe', 'unsubscribe'].includes(model.packet)) return []
  return [1, 2, 100].map((count) =>
    fault(
      `with ${count} bytes after its end`,
      model,
      packetOf(model.first, ...model.parts.map(partBytes), Buffer.alloc(count)),
      ruleFor(length, model.version),
    ),
  )
}

function longLengths(model: Model): Fault[] {
  const { first: firstByte, version } = model
  const body = bytesOf(model).subarray(2)
  const fifth = fault('with five length bytes', model, Buffer.of(firstByte, 0x80, 0x80, 0x80, 0x80, 0), '')
  const padded = joined(byte(firstByte), Buffer.of(0x80 | body.length, 0), body)
  return [
    { ...fifth, rule: model.packet === 'connect' ? length.v5 : ruleFor(length, version) },
    ...(version === 5 ? [fault('with a padded length', model, padded, '[MQTT-1.5.5-1]')] : []), // below 5 it is only odd
  ]
}

function beforeConnect(model: Model): Fault {
  const asFirst = fault('before CONNECT', model, model, ruleFor(first, model.version))
  return { ...asFirst, twin: bytesOf(connectModel(model.version)), after: 'nothing' }
}

function afterDisconnectFault(model: Model): Fault {
  return inAnotherPlace('after DISCONNECT', model, model.version, afterDisconnect, 'disconnect')
}

/** Nothing is wrong with the packet but where it comes; its twin is a PINGREQ in a place of its own. */
function inAnotherPlace(
  what: string,
  model: Model,
  version: Version,
  rules: Rules,
  after: Fault['after'] = 'connect',
): Fault {
  return { ...fault(what, model, model, ruleFor(rules, version)), twin: bytesOf(pingreqModel(version)), after }
}

function notFromClients(version: Version): Fault[] {
  const row = (what: string, faulty: Buffer, rule: Rules): Fault => ({
    name: `${what}, version ${version}`,
    version,
    rule: ruleFor(rule, version),
    faulty,
    twin: bytesOf(acknowledgementModel('puback', version)),
    after: 'connect',
  })
  const properties = version === 5 ? [byte(0)] : []
  const identifier = Buffer.of(0, 7)
  return [
    row('packet type 0', packetOf(0x00), packetType),
    row('connack from a client', packetOf(0x20, Buffer.of(0, 0), ...properties), packetType),
    row('suback from a client', packetOf(0x90, identifier, ...properties, byte(0)), packetType),
    row('unsuback from a client', packetOf(0xb0, identifier, ...properties, ...properties), packetType),
    row('pingresp from a client', packetOf(0xd0), packetType),
    row(
      'auth unasked',
      packetOf(0xf0, byte(0x18), Buffer.of(5, 0x15, 0, 2), Buffer.from('mm')),
      version === 5 ? { v5: '[MQTT-4.12.0-7]', below: '' } : packetType,
    ),
  ]
}
