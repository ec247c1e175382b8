import { packetOf, twoBytes } from '../../../support/packets/byte-writer.ts'
import { type Fault, fault, type Rules, ruleFor } from './fault.ts'
import {
  acknowledgementModel,
  bytesOf,
  connectModel,
  disconnectModel,
  integer,
  type Model,
  oneByte,
  partBytes,
  property,
  publishModel,
  replacePart,
  string,
  subscribeModel,
  unsubscribeModel,
  type Version,
  versions,
  withProperties,
} from './well-formed.ts'

const identifierChosen: Rules = { v5: '[MQTT-2.2.1-3]', below: '[MQTT-3.1.1:2.3.1-1]' }
const identifierEchoed: Rules = { v5: '[MQTT-2.2.1-5]', below: '[MQTT-3.1.1:2.3.1-6]' }
const acknowledgements = ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const

/** The fields of each packet. */
export function fieldFaults(): readonly Fault[] {
  return [
    ...versions.flatMap((version) => [...identifiers(version), ...connectFaults(version), ...requests(version)]),
    ...reasons(),
    ...onlyAt5(),
  ]
}

function identifiers(version: Version): Fault[] {
  const chosen = [
    publishModel(version, 1),
    publishModel(version, 2),
    subscribeModel(version),
    unsubscribeModel(version),
  ]
  const echoed = acknowledgements.map((packet) => acknowledgementModel(packet, version))
  const zero = (rules: Rules) => (model: Model) =>
    fault(
      'with packet identifier 0',
      model,
      replacePart(model, 'packet identifier', integer('packet identifier', 0)),
      ruleFor(rules, version),
    )
  return [...chosen.map(zero(identifierChosen)), ...echoed.map(zero(identifierEchoed))]
}

function connectFaults(version: Version): Fault[] {
  const full = connectModel(version)
  const bare = connectModel(version, 0x02)
  const row = (what: string, twin: Model, faulty: Model, rules: Rules) =>
    fault(what, twin, faulty, ruleFor(rules, version))
  const flags = (model: Model, value: number) => replacePart(model, 'connect flags', oneByte('connect flags', value))
  const name = (value: string) => replacePart(bare, 'protocol name', string('protocol name', value))
  const level = (value: number) => replacePart(bare, 'protocol level', oneByte('protocol level', value))
  const unknownName: Rules = { v5: '[MQTT-3.1.2-1]', below: '[MQTT-3.1.2-1]' } // before the level nobody knows the version
  const unknownLevel: Rules = { v5: '[MQTT-3.1.2-2]', below: '[MQTT-3.1.2-2]' }
  const reservedFlag: Rules = { v5: '[MQTT-3.1.2-3]', below: '[MQTT-3.1.1:3.1.2-3]' }
  const bridgeLevel = version === 3 ? 0x83 : 0x84 // read on as 3.1 and 3.1.1
  const willQosAlone: Rules = { v5: '[MQTT-3.1.2-11]', below: '[MQTT-3.1.1:3.1.2-13]' }
  return [
    ...(version === 3 ? [] : [row('with the reserved flag', bare, flags(bare, 0x03), reservedFlag)]),
    ...(version === 3 ? [] : [row('with the reserved flag beside others', full, flags(full, 0xc7), reservedFlag)]),
    row('with Will QoS 1 and no will', bare, flags(bare, 0x0a), willQosAlone),
    row('with Will QoS 2 and no will', bare, flags(bare, 0x12), willQosAlone),
    row('with Will Retain and no will', bare, flags(bare, 0x22), {
      v5: '[MQTT-3.1.2-13]',
      below: '[MQTT-3.1.1:3.1.2-15]',
    }),
    row('with Will QoS 3', full, flags(full, 0xde), { v5: '[MQTT-3.1.2-12]', below: '[MQTT-3.1.1:3.1.2-14]' }),
    ...['mqtt', 'MQTTX', 'MQIsdP', '', 'HTTP'].map((value) => row(`called '${value}'`, bare, name(value), unknownName)),
    ...[0, 1, 2, 6, 7, 0x83, 0x84, 0x85, 255]
      .filter((value) => value !== bridgeLevel)
      .map((value) => row(`of level ${value}`, bare, level(value), unknownLevel)),
    row('with the level of the other name', bare, level(version === 3 ? 4 : 3), unknownLevel),
    ...(version === 5 ? [] : belowFive(version)),
    ...missingFields(version),
  ]
}

function belowFive(version: 3 | 4): Fault[] {
  const twin = connectModel(version, 0xc2)
  const empty = (flags: number) =>
    replacePart(connectModel(version, flags), 'client identifier', string('client identifier', ''))
  const alone = replacePart(replacePart(twin, 'connect flags', oneByte('connect flags', 0x42)), 'user name')
  return [
    fault('with a password and no user name', twin, alone, '[MQTT-3.1.1:3.1.2-22]'),
    fault(
      'with no client identifier and a session to keep',
      connectModel(version, 0),
      empty(0),
      '[MQTT-3.1.1:3.1.3-7]',
    ),
    ...(version === 3
      ? [fault('with no client identifier', connectModel(3, 2), empty(2), '[MQTT-3.1.1:3.1.3-7]')]
      : []),
  ]
}

/** The packet ends before a field that its flags promise; MQTT 3.1 lets user name and password be missing. */
function missingFields(version: Version): Fault[] {
  const full = connectModel(version)
  const missing: readonly (readonly [field: string, rules: Rules])[] = [
    ['client identifier', { v5: '[MQTT-3.1.3-3]', below: '[MQTT-3.1.1:3.1.3-3]' }],
    [version === 5 ? 'will' : 'will topic', { v5: '[MQTT-3.1.2-9]', below: '[MQTT-3.1.1:3.1.2-9]' }],
    ['user name', { v5: '[MQTT-3.1.2-17]', below: '[MQTT-3.1.1:3.1.2-19]' }],
    ['password', { v5: '[MQTT-3.1.2-19]', below: '[MQTT-3.1.1:3.1.2-21]' }],
  ]
  const rows = version === 3 ? missing.slice(0, 2) : missing
  return rows.map(([field, rules]) => {
    const end = full.parts.findIndex(({ name }) => name === field)
    const cut = packetOf(full.first, ...full.parts.slice(0, end).map(partBytes))
    return fault(`that ends before the ${field}`, full, cut, ruleFor(rules, version))
  })
}

function requests(version: Version): Fault[] {
  const subscribe = subscribeModel(version)
  const options = (name: string, value: number, rules: Rules) =>
    fault(
      `with ${name} ${value}`,
      subscribe,
      replacePart(subscribe, name, oneByte(name, value)),
      ruleFor(rules, version),
    )
  const reserved: Rules = { v5: '[MQTT-3.8.3-5]', below: '[MQTT-3.1.1:3.8.3-4]' }
  const qos3: Rules = { v5: '[MQTT5 §3.8.3.1]', below: '[MQTT-3.1.1:3.8.3-4]' }
  const reservedBits = version === 5 ? [0x40, 0x80] : [0x04, 0x08, 0x10, 0x20, 0x40, 0x80]
  const noFilter = (model: Model, rules: Rules) =>
    fault(
      'without a filter',
      model,
      { ...model, parts: model.parts.slice(0, version === 5 ? 2 : 1) },
      ruleFor(rules, version),
    )
  return [
    ...['subscription options', 'second subscription options'].flatMap((name) => [
      ...reservedBits.map((bit) => options(name, bit, reserved)),
      options(name, 3, qos3),
      ...(version === 5 ? [options(name, 0x30, qos3)] : []),
    ]),
    noFilter(subscribe, { v5: '[MQTT-3.8.3-2]', below: '[MQTT-3.1.1:3.8.3-3]' }),
    noFilter(unsubscribeModel(version), { v5: '[MQTT-3.10.3-2]', below: '[MQTT-3.1.1:3.10.3-2]' }),
  ]
}

/** Reason codes that the packet does not have, or that only a server may send. */
function reasons(): Fault[] {
  const received = [0x01, 0x04, 0x11, 0x81, 0x82, 0x92, 0xff]
  const released = [0x01, 0x10, 0x80, 0x81, 0x91, 0xff]
  const left = [0x01, 0x10, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x9c, 0xa0, 0xff]
  const rows: readonly (readonly [Model, codes: readonly number[], rule: string])[] = [
    [acknowledgementModel('puback', 5), received, '[MQTT-3.4.2-1]'],
    [acknowledgementModel('pubrec', 5), received, '[MQTT-3.5.2-1]'],
    [acknowledgementModel('pubrel', 5), released, '[MQTT-3.6.2-1]'],
    [acknowledgementModel('pubcomp', 5), released, '[MQTT-3.7.2-1]'],
    [disconnectModel(5), left, '[MQTT-3.14.2-1]'],
  ]
  return rows.flatMap(([model, codes, rule]) =>
    codes.map((code) =>
      fault(`with reason code ${code}`, model, replacePart(model, 'reason code', oneByte('reason code', code)), rule),
    ),
  )
}

function onlyAt5(): Fault[] {
  const shared = replacePart(subscribeModel(5), 'topic filter', string('topic filter', '$share/group/a'))
  const noLocal = replacePart(shared, 'subscription options', oneByte('subscription options', 5))
  const aliased = withProperties(publishModel(5, 0), 'publish', property(0x23))
  const disconnect = disconnectModel(5)
  const keeping = withProperties(disconnect, 'disconnect', property(0x11, Buffer.of(0, 0, 0, 60)))
  return [
    fault('with No Local on a shared filter', shared, noLocal, '[MQTT-3.8.3-4]'),
    fault(
      'with an alias that stands for nothing',
      aliased,
      replacePart(aliased, 'topic name', string('topic name', '')),
      '[MQTT5 §3.3.2.3.4]',
    ),
    fault('that keeps a session that CONNECT did not', disconnect, keeping, '[MQTT5 §3.14.2.2.2]'),
    fault('without a property length', publishModel(5, 1), packetWithoutBlock(), '[MQTT-2.2.2-1]'),
  ]
}

/** A QoS 1 PUBLISH that ends with its packet identifier. */
function packetWithoutBlock(): Buffer {
  const topic = bytesOf(publishModel(5, 1)).subarray(2, 13)
  return packetOf(0x32, topic, twoBytes(7))
}
