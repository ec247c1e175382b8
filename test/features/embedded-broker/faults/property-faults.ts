import {
  byte,
  fourBytes,
  joined,
  packetOf,
  prefixed,
  twoBytes,
  variableByteInteger,
} from '../../../support/packets/byte-writer.ts'
import { type Fault, fault } from './fault.ts'
import {
  type Carrier,
  connectModel,
  type Model,
  modelsOf,
  partBytes,
  property,
  propertyValues,
  publishModel,
  subscribeModel,
  withProperties,
} from './well-formed.ts'

const place = '[MQTT5 §2.2.2.2]'
const blockLength = '[MQTT5 §2.2.2.1]'

/** What a client may write in each block, from the table of section 2.2.2.2. */
const allowed: Readonly<Record<Carrier, readonly number[]>> = {
  connect: [0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27],
  will: [0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26],
  publish: [0x01, 0x02, 0x03, 0x08, 0x09, 0x23, 0x26],
  puback: [0x1f, 0x26],
  pubrec: [0x1f, 0x26],
  pubrel: [0x1f, 0x26],
  pubcomp: [0x1f, 0x26],
  subscribe: [0x0b, 0x26],
  unsubscribe: [0x26],
  disconnect: [0x11, 0x1f, 0x26],
}

/** In place by the table, but only from a server. */
const onlyFromServers: readonly (readonly [carrier: Carrier, id: number, rule: string])[] = [
  ['publish', 0x0b, '[MQTT-3.3.4-6]'],
  ['disconnect', 0x1c, '[MQTT5 §3.14.2.2.5]'],
]

const unknownIds = [0x00, 0x04, 0x0a, 0x10, 0x14, 0x1b, 0x1d, 0x20, 0x2b, 0x7f]
const userProperty = 0x26
const authentication = [0x15, 0x16] // refused with 0x8C by a broker without methods, so no twin of theirs passes

export function propertyFaults(): readonly Fault[] {
  const carriers = modelsOf(5).flatMap((model) =>
    model.parts.flatMap((part) => (part.kind === 'properties' ? [{ model, carrier: part.name }] : [])),
  )
  return [
    ...carriers.flatMap(({ model, carrier }) => [
      ...misplaced(model, carrier),
      ...twice(model, carrier),
      ...unknown(model, carrier),
      ...brokenBlocks(model, carrier),
    ]),
    ...outOfRange(),
    dataWithoutMethod(),
  ]
}

function misplaced(model: Model, carrier: Carrier): Fault[] {
  return [...propertyValues.keys()]
    .filter((id) => !allowed[carrier].includes(id))
    .map((id) => {
      const server = onlyFromServers.find(([where, which]) => where === carrier && which === id)
      const what = `with property 0x${id.toString(16)} in ${carrier}`
      return fault(what, model, withProperties(model, carrier, property(id)), server?.[2] ?? place)
    })
}

function twice(model: Model, carrier: Carrier): Fault[] {
  return allowed[carrier]
    .filter((id) => id !== userProperty && !authentication.includes(id))
    .map((id) =>
      fault(
        `with property 0x${id.toString(16)} twice in ${carrier}`,
        withProperties(model, carrier, property(id)),
        withProperties(model, carrier, property(id), property(id)),
        place,
      ),
    )
}

function unknown(model: Model, carrier: Carrier): Fault[] {
  return unknownIds.map((id) =>
    fault(
      `with property 0x${id.toString(16)}, which is none, in ${carrier}`,
      model,
      withProperties(model, carrier, property(id, byte(1))),
      place,
    ),
  )
}

/** The length of the block, and a property that does not end before it. */
function brokenBlocks(model: Model, carrier: Carrier): Fault[] {
  const value = partBytes({ kind: 'properties', name: carrier, properties: [property(userProperty)] }).subarray(1)
  const written = (block: Buffer) => withBlock(model, carrier, block)
  const twin = withProperties(model, carrier, property(userProperty))
  const cut = value.subarray(0, value.length - 1)
  return [
    fault(`with a property cut off in ${carrier}`, twin, written(joined(byte(cut.length), cut)), blockLength),
    fault(
      `with a padded property length in ${carrier}`,
      twin,
      written(joined(Buffer.of(0x80 | value.length, 0), value)),
      '[MQTT-1.5.5-1]',
    ),
    fault(
      `with a property length of five bytes in ${carrier}`,
      twin,
      written(Buffer.of(0x80, 0x80, 0x80, 0x80, 1)),
      '[MQTT5 §1.5.5]',
    ),
    fault(
      `with a property length beyond the packet in ${carrier}`,
      twin,
      written(joined(variableByteInteger(200_000), value)),
      blockLength,
    ),
  ]
}

function withBlock(model: Model, carrier: Carrier, block: Buffer): Buffer {
  return packetOf(model.first, ...model.parts.map((part) => (part.name === carrier ? block : partBytes(part))))
}

function outOfRange(): Fault[] {
  const connect = connectModel(5)
  const rows: readonly (readonly [Model, Carrier, id: number, value: Buffer, rule: string])[] = [
    [connect, 'connect', 0x17, byte(2), '[MQTT5 §3.1.2.11.7]'],
    [connect, 'connect', 0x19, byte(2), '[MQTT5 §3.1.2.11.6]'],
    [connect, 'connect', 0x21, twoBytes(0), '[MQTT5 §3.1.2.11.3]'],
    [connect, 'connect', 0x27, fourBytes(0), '[MQTT5 §3.1.2.11.4]'],
    [connect, 'will', 0x01, byte(2), '[MQTT5 §3.1.3.2.3]'],
    [connect, 'will', 0x01, byte(255), '[MQTT5 §3.1.3.2.3]'],
    [publishModel(5, 0), 'publish', 0x01, byte(2), '[MQTT5 §3.3.2.3.2]'],
    [publishModel(5, 2), 'publish', 0x01, byte(255), '[MQTT5 §3.3.2.3.2]'],
    [publishModel(5, 0), 'publish', 0x23, twoBytes(0), '[MQTT-3.3.2-8]'],
    [publishModel(5, 1), 'publish', 0x23, twoBytes(11), '[MQTT-3.3.2-9]'], // the broker takes 10
    [publishModel(5, 1), 'publish', 0x23, twoBytes(65_535), '[MQTT-3.3.2-9]'],
    [subscribeModel(5), 'subscribe', 0x0b, variableByteInteger(0), '[MQTT5 §3.8.2.1.2]'],
    [subscribeModel(5), 'subscribe', 0x0b, Buffer.of(0x81, 0x00), '[MQTT-1.5.5-1]'],
    [subscribeModel(5), 'subscribe', 0x0b, Buffer.of(0xff, 0xff, 0xff, 0xff, 0x01), '[MQTT5 §1.5.5]'],
  ]
  return rows.map(([model, carrier, id, value, rule]) =>
    fault(
      `with property 0x${id.toString(16)} of ${value.toString('hex')} in ${carrier}`,
      withProperties(model, carrier, property(id)),
      withProperties(model, carrier, property(id, value)),
      rule,
    ),
  )
}

function dataWithoutMethod(): Fault {
  const model = connectModel(5)
  const faulty = withProperties(model, 'connect', property(0x16, prefixed('data')))
  return fault('with Authentication Data and no method', model, faulty, '[MQTT5 §3.1.2.11.10]')
}
