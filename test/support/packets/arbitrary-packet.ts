import fc, { type Arbitrary } from 'fast-check'
import { isRepeatable, mayCarry, type PropertyCarrier, propertyTable } from '../../../src/protocol/properties.ts'
import { reasonCodesOf } from '../../../src/protocol/reason-codes.ts'
import type {
  Packet,
  PacketType,
  Properties,
  ProtocolVersion,
  QoS,
  Sender,
  SubscriptionRequest,
  Will,
} from '../../../src/protocol/wire/packet.ts'

/** Valid packets of every kind, for property tests. */
export interface SentPacket {
  readonly packet: Packet
  readonly version: ProtocolVersion
  readonly sender: Sender
}

/** An object as decoding makes it; fast-check's own have no prototype now and then. */
function record<Shape>(model: { [Key in keyof Shape]: Arbitrary<Shape[Key]> }): Arbitrary<Shape> {
  return fc.record<Shape>(model, { noNullPrototype: true })
}

const qos: Arbitrary<QoS> = fc.constantFrom(0, 1, 2)
const packetId = fc.integer({ min: 1, max: 65_535 })
const uint16 = fc.integer({ min: 0, max: 65_535 })

/** Any text that MQTT can carry: all of Unicode but NUL and halves of surrogate pairs. */
export const arbitraryText: Arbitrary<string> = fc.oneof(
  fc.constantFrom('', 'a', '__proto__', 'toString', 'constructor', '\uFEFF', '\u{1F600}', '\u001b[31m'),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
)

export const arbitraryBytes: Arbitrary<Buffer> = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))

export const arbitraryTopic: Arbitrary<string> = arbitraryText
  .map((text) => text.replaceAll(/[+#]/g, '/'))
  .map((text) => (text === '' ? 'home/door' : text))

export const arbitraryFilter: Arbitrary<string> = fc
  .tuple(fc.array(fc.oneof(fc.constant('+'), arbitraryTopic), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, isOpen]) => (isOpen ? [...levels, '#'] : levels).join('/'))

function propertyValue(dataType: string, minimum: number, maximum: number): Arbitrary<unknown> {
  if (dataType === 'string') return arbitraryText
  if (dataType === 'binary') return arbitraryBytes
  if (dataType === 'string pair') return fc.tuple(arbitraryText, arbitraryText)
  return fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }))
}

/** Any set of the properties that this carrier may have from this side. */
export function arbitraryProperties(carrier: PropertyCarrier, sender: Sender): Arbitrary<Properties> {
  const model: Record<string, Arbitrary<unknown>> = {}
  for (const definition of propertyTable) {
    if (!mayCarry(definition, carrier, sender)) continue
    const { key, dataType, minimum, maximum } = definition
    const single = key === 'responseTopic' ? arbitraryTopic : propertyValue(dataType, minimum, maximum)
    const isList = definition.repeatableIn.length > 0
    const maxLength = isRepeatable(definition, carrier) ? 3 : 1
    model[key] = isList ? fc.array(single, { minLength: 1, maxLength }) : single
  }
  return fc.record(model, { requiredKeys: [], noNullPrototype: true }).map(withMethodBesideData)
}

function withMethodBesideData(drawn: Record<string, unknown>): Properties {
  const properties = { ...drawn }
  if (properties.authenticationData !== undefined) properties.authenticationMethod ??= 'SCRAM-SHA-1'
  return properties
}

function propertiesAt(version: ProtocolVersion, carrier: PropertyCarrier, sender: Sender): Arbitrary<Properties> {
  return version === 5 ? arbitraryProperties(carrier, sender) : fc.constant({})
}

function reasonCodeOf(type: PacketType, version: ProtocolVersion, sender: Sender): Arbitrary<number> {
  const codes = [...reasonCodesOf(type, version).values()]
  const sendable = codes.filter((code) => code.sender === undefined || code.sender === sender)
  return fc.constantFrom(...sendable.map((reason) => reason.code))
}

function willAt(version: ProtocolVersion): Arbitrary<Will> {
  return record({
    topic: arbitraryTopic,
    payload: arbitraryBytes,
    qos,
    retain: fc.boolean(),
    properties: propertiesAt(version, 'will', 'client'),
  })
}

function connectAt(version: ProtocolVersion): Arbitrary<Packet> {
  const required = {
    type: fc.constant('connect' as const),
    version: fc.constant(version),
    cleanStart: fc.boolean(),
    keepAliveSeconds: uint16,
    clientId: version === 5 ? arbitraryText : arbitraryTopic, // never empty below 5, where that depends on the rest
    properties: propertiesAt(version, 'connect', 'client'),
  }
  const optional = { will: willAt(version), username: arbitraryText, password: arbitraryBytes }
  const requiredKeys = Object.keys(required) as (keyof typeof required)[]
  return fc.record({ ...required, ...optional }, { requiredKeys, noNullPrototype: true }).map((drawn) => {
    const { username, password, ...rest } = drawn
    if (username !== undefined) return password === undefined ? { ...rest, username } : { ...rest, username, password }
    return password !== undefined && version === 5 ? { ...rest, password } : rest
  })
}

function connackAt(version: ProtocolVersion): Arbitrary<Packet> {
  return record({
    type: fc.constant('connack' as const),
    sessionPresent: fc.boolean(),
    reasonCode: reasonCodeOf('connack', version, 'server'),
    properties: propertiesAt(version, 'connack', 'server'),
  }).map((drawn) => ({ ...drawn, sessionPresent: drawn.sessionPresent && drawn.reasonCode === 0 }))
}

function publishAt(version: ProtocolVersion, sender: Sender): Arbitrary<Packet> {
  return record({
    topic: arbitraryTopic,
    isAliased: fc.boolean(),
    payload: arbitraryBytes,
    qos,
    retain: fc.boolean(),
    dup: fc.boolean(),
    packetId,
    properties: propertiesAt(version, 'publish', sender),
  }).map(({ isAliased, packetId, ...drawn }) => {
    const topic = isAliased && drawn.properties.topicAlias !== undefined ? '' : drawn.topic
    const publish = { type: 'publish' as const, ...drawn, topic }
    return publish.qos === 0 ? { ...publish, dup: false } : { ...publish, packetId }
  })
}

type AcknowledgementType = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'

function acknowledgementAt(type: AcknowledgementType, version: ProtocolVersion, sender: Sender): Arbitrary<Packet> {
  const plain = record({
    type: fc.constant(type),
    packetId,
    reasonCode: version === 5 ? reasonCodeOf(type, version, sender) : fc.constant(0),
    properties: propertiesAt(version, type, sender),
  })
  return version === 3 && type === 'pubrel' ? sometimesDup(plain) : plain
}

/** MQTT 3.1 sends some packets again with DUP. */
function sometimesDup<Kind extends object>(packet: Arbitrary<Kind>): Arbitrary<Kind> {
  return fc.tuple(packet, fc.boolean()).map(([drawn, dup]) => (dup ? { ...drawn, dup } : drawn))
}

function requestAt(version: ProtocolVersion): Arbitrary<SubscriptionRequest> {
  if (version < 5) {
    const rest = { noLocal: false, retainAsPublished: false, retainHandling: 0 as const }
    return record({ filter: arbitraryFilter, qos }).map((drawn) => ({ ...drawn, ...rest }))
  }
  return record({
    filter: arbitraryFilter,
    isShared: fc.boolean(),
    qos,
    noLocal: fc.boolean(),
    retainAsPublished: fc.boolean(),
    retainHandling: fc.constantFrom(0, 1, 2),
  }).map(({ isShared, filter, noLocal, ...rest }) => {
    return isShared ? { ...rest, filter: `$share/g/${filter}`, noLocal: false } : { ...rest, filter, noLocal }
  })
}

function subscribeAt(version: ProtocolVersion): Arbitrary<Packet> {
  const plain = record({
    type: fc.constant('subscribe' as const),
    packetId,
    subscriptions: fc.array(requestAt(version), { minLength: 1, maxLength: 3 }),
    properties: propertiesAt(version, 'subscribe', 'client'),
  })
  return version === 3 ? sometimesDup(plain) : plain
}

function unsubscribeAt(version: ProtocolVersion): Arbitrary<Packet> {
  const plain = record({
    type: fc.constant('unsubscribe' as const),
    packetId,
    filters: fc.array(arbitraryFilter, { minLength: 1, maxLength: 3 }),
    properties: propertiesAt(version, 'unsubscribe', 'client'),
  })
  return version === 3 ? sometimesDup(plain) : plain
}

function subscriptionAckAt(type: 'suback' | 'unsuback', version: ProtocolVersion): Arbitrary<Packet> {
  const hasCodes = version === 5 || type === 'suback'
  const code = hasCodes ? reasonCodeOf(type, version, 'server') : fc.constant(0)
  return record({
    type: fc.constant(type),
    packetId,
    reasonCodes: hasCodes ? fc.array(code, { minLength: 1, maxLength: 4 }) : fc.constant([]),
    properties: propertiesAt(version, type, 'server'),
  })
}

function disconnectAt(version: ProtocolVersion, sender: Sender): Arbitrary<Packet> {
  return record({
    type: fc.constant('disconnect' as const),
    reasonCode: version === 5 ? reasonCodeOf('disconnect', version, sender) : fc.constant(0),
    properties: propertiesAt(version, 'disconnect', sender),
  })
}

function authFrom(sender: Sender): Arbitrary<Packet> {
  return record({
    type: fc.constant('auth' as const),
    reasonCode: reasonCodeOf('auth', 5, sender),
    properties: arbitraryProperties('auth', sender),
  }).map((drawn) => ({ ...drawn, properties: { authenticationMethod: 'm', ...drawn.properties } }))
}

const acknowledgementTypes = ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const

/** Every packet that this side may send at this version. */
export function arbitraryPacketFrom(sender: Sender, version: ProtocolVersion): Arbitrary<Packet> {
  const either = [publishAt(version, sender), ...acknowledgementTypes.map((t) => acknowledgementAt(t, version, sender))]
  const only5 = version === 5 ? [authFrom(sender), disconnectAt(version, sender)] : []
  if (sender === 'server') {
    const acks = [subscriptionAckAt('suback', version), subscriptionAckAt('unsuback', version)]
    return fc.oneof(...either, ...only5, connackAt(version), ...acks, fc.constant({ type: 'pingresp' } as const))
  }
  const requests = [connectAt(version), subscribeAt(version), unsubscribeAt(version), disconnectAt(version, sender)]
  return fc.oneof(...either, ...only5, ...requests, fc.constant({ type: 'pingreq' } as const))
}

export function arbitrarySentPacket(): Arbitrary<SentPacket> {
  const context = fc.tuple(fc.constantFrom<ProtocolVersion>(3, 4, 5, 5), fc.constantFrom<Sender>('client', 'server'))
  return context.chain(([version, sender]) =>
    arbitraryPacketFrom(sender, version).map((packet) => ({ packet, version, sender })),
  )
}
