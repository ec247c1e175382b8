import { ReasonCode } from './reason-code.ts'
import type { PacketType, Properties, Sender } from './wire/packet.ts'

/** What a property is found in: a packet, or the will inside CONNECT. */
export type PropertyCarrier = Exclude<PacketType, 'pingreq' | 'pingresp'> | 'will'

type PropertyKey = keyof Properties

type PropertyDataType =
  | 'byte'
  | 'two byte integer'
  | 'four byte integer'
  | 'variable byte integer'
  | 'string'
  | 'binary'
  | 'string pair'

export interface PropertyDefinition {
  readonly id: number
  readonly key: PropertyKey
  /** As the standard writes it. */
  readonly name: string
  readonly dataType: PropertyDataType
  /** Who may carry it, and the section of MQTT 5 that says so. A carrier that is not here may not. */
  readonly carriers: Readonly<Partial<Record<PropertyCarrier, string>>>
  /** A carrier in which only one side may send it. */
  readonly onlyFrom?: { readonly carrier: PropertyCarrier; readonly sender: Sender; readonly rule: string }
  /** Carriers in which it may come more than once; its value is then a list. */
  readonly repeatableIn: readonly PropertyCarrier[]
  /** Numbers only. */
  readonly minimum: number
  readonly maximum: number
  /** Where the standard has a statement or a reason code of its own for a value out of range. */
  readonly outOfRange?: { readonly rule?: string; readonly reasonCode: number }
}

type Row = Omit<PropertyDefinition, 'repeatableIn' | 'minimum' | 'maximum'> &
  Partial<Pick<PropertyDefinition, 'repeatableIn' | 'minimum' | 'maximum'>>

const everyCarrier: Readonly<Record<PropertyCarrier, string>> = {
  connect: '§3.1.2.11.8',
  will: '§3.1.3.2.8',
  connack: '§3.2.2.3.10',
  publish: '§3.3.2.3.7',
  puback: '§3.4.2.2.3',
  pubrec: '§3.5.2.2.3',
  pubrel: '§3.6.2.2.3',
  pubcomp: '§3.7.2.2.3',
  subscribe: '§3.8.2.1.3',
  suback: '§3.9.2.1.3',
  unsubscribe: '§3.10.2.1.2',
  unsuback: '§3.11.2.1.3',
  disconnect: '§3.14.2.2.4',
  auth: '§3.15.2.2.5',
}

const reasonStringCarriers: Readonly<Partial<Record<PropertyCarrier, string>>> = {
  connack: '§3.2.2.3.9',
  puback: '§3.4.2.2.2',
  pubrec: '§3.5.2.2.2',
  pubrel: '§3.6.2.2.2',
  pubcomp: '§3.7.2.2.2',
  suback: '§3.9.2.1.2',
  unsuback: '§3.11.2.1.2',
  disconnect: '§3.14.2.2.3',
  auth: '§3.15.2.2.4',
}

// In ascending order of identifier, which is also the order in which the encoder writes them.
const rows: readonly Row[] = [
  {
    id: 0x01,
    key: 'payloadFormatIndicator',
    name: 'Payload Format Indicator',
    dataType: 'byte',
    carriers: { publish: '§3.3.2.3.2', will: '§3.1.3.2.3' },
    maximum: 1,
  },
  {
    id: 0x02,
    key: 'messageExpiryInterval',
    name: 'Message Expiry Interval',
    dataType: 'four byte integer',
    carriers: { publish: '§3.3.2.3.3', will: '§3.1.3.2.4' },
  },
  {
    id: 0x03,
    key: 'contentType',
    name: 'Content Type',
    dataType: 'string',
    carriers: { publish: '§3.3.2.3.9', will: '§3.1.3.2.5' },
  },
  {
    id: 0x08,
    key: 'responseTopic',
    name: 'Response Topic',
    dataType: 'string',
    carriers: { publish: '§3.3.2.3.5', will: '§3.1.3.2.6' },
  },
  {
    id: 0x09,
    key: 'correlationData',
    name: 'Correlation Data',
    dataType: 'binary',
    carriers: { publish: '§3.3.2.3.6', will: '§3.1.3.2.7' },
  },
  {
    id: 0x0b,
    key: 'subscriptionIdentifier',
    name: 'Subscription Identifier',
    dataType: 'variable byte integer',
    carriers: { publish: '§3.3.2.3.8', subscribe: '§3.8.2.1.2' },
    onlyFrom: { carrier: 'publish', sender: 'server', rule: '[MQTT-3.3.4-6]' },
    repeatableIn: ['publish'],
    minimum: 1,
  },
  {
    id: 0x11,
    key: 'sessionExpiryInterval',
    name: 'Session Expiry Interval',
    dataType: 'four byte integer',
    carriers: { connect: '§3.1.2.11.2', connack: '§3.2.2.3.2', disconnect: '§3.14.2.2.2' },
    onlyFrom: { carrier: 'disconnect', sender: 'client', rule: '[MQTT-3.14.2-2]' },
  },
  {
    id: 0x12,
    key: 'assignedClientIdentifier',
    name: 'Assigned Client Identifier',
    dataType: 'string',
    carriers: { connack: '§3.2.2.3.7' },
  },
  {
    id: 0x13,
    key: 'serverKeepAlive',
    name: 'Server Keep Alive',
    dataType: 'two byte integer',
    carriers: { connack: '§3.2.2.3.14' },
  },
  {
    id: 0x15,
    key: 'authenticationMethod',
    name: 'Authentication Method',
    dataType: 'string',
    carriers: { connect: '§3.1.2.11.9', connack: '§3.2.2.3.17', auth: '§3.15.2.2.2' },
  },
  {
    id: 0x16,
    key: 'authenticationData',
    name: 'Authentication Data',
    dataType: 'binary',
    carriers: { connect: '§3.1.2.11.10', connack: '§3.2.2.3.18', auth: '§3.15.2.2.3' },
  },
  {
    id: 0x17,
    key: 'requestProblemInformation',
    name: 'Request Problem Information',
    dataType: 'byte',
    carriers: { connect: '§3.1.2.11.7' },
    maximum: 1,
  },
  {
    id: 0x18,
    key: 'willDelayInterval',
    name: 'Will Delay Interval',
    dataType: 'four byte integer',
    carriers: { will: '§3.1.3.2.2' },
  },
  {
    id: 0x19,
    key: 'requestResponseInformation',
    name: 'Request Response Information',
    dataType: 'byte',
    carriers: { connect: '§3.1.2.11.6' },
    maximum: 1,
  },
  {
    id: 0x1a,
    key: 'responseInformation',
    name: 'Response Information',
    dataType: 'string',
    carriers: { connack: '§3.2.2.3.15' },
  },
  {
    id: 0x1c,
    key: 'serverReference',
    name: 'Server Reference',
    dataType: 'string',
    carriers: { connack: '§3.2.2.3.16', disconnect: '§3.14.2.2.5' },
    onlyFrom: { carrier: 'disconnect', sender: 'server', rule: '[MQTT5 §3.14.2.2.5]' },
  },
  { id: 0x1f, key: 'reasonString', name: 'Reason String', dataType: 'string', carriers: reasonStringCarriers },
  {
    id: 0x21,
    key: 'receiveMaximum',
    name: 'Receive Maximum',
    dataType: 'two byte integer',
    carriers: { connect: '§3.1.2.11.3', connack: '§3.2.2.3.3' },
    minimum: 1,
  },
  {
    id: 0x22,
    key: 'topicAliasMaximum',
    name: 'Topic Alias Maximum',
    dataType: 'two byte integer',
    carriers: { connect: '§3.1.2.11.5', connack: '§3.2.2.3.8' },
  },
  {
    id: 0x23,
    key: 'topicAlias',
    name: 'Topic Alias',
    dataType: 'two byte integer',
    carriers: { publish: '§3.3.2.3.4' },
    minimum: 1,
    outOfRange: { rule: '[MQTT-3.3.2-8]', reasonCode: ReasonCode.topicAliasInvalid },
  },
  {
    id: 0x24,
    key: 'maximumQoS',
    name: 'Maximum QoS',
    dataType: 'byte',
    carriers: { connack: '§3.2.2.3.4' },
    maximum: 1,
  },
  {
    id: 0x25,
    key: 'retainAvailable',
    name: 'Retain Available',
    dataType: 'byte',
    carriers: { connack: '§3.2.2.3.5' },
    maximum: 1,
  },
  {
    id: 0x26,
    key: 'userProperties',
    name: 'User Property',
    dataType: 'string pair',
    carriers: everyCarrier,
    repeatableIn: Object.keys(everyCarrier) as PropertyCarrier[],
  },
  {
    id: 0x27,
    key: 'maximumPacketSize',
    name: 'Maximum Packet Size',
    dataType: 'four byte integer',
    carriers: { connect: '§3.1.2.11.4', connack: '§3.2.2.3.6' },
    minimum: 1,
  },
  {
    id: 0x28,
    key: 'wildcardSubscriptionAvailable',
    name: 'Wildcard Subscription Available',
    dataType: 'byte',
    carriers: { connack: '§3.2.2.3.11' },
    maximum: 1,
  },
  {
    id: 0x29,
    key: 'subscriptionIdentifiersAvailable',
    name: 'Subscription Identifiers Available',
    dataType: 'byte',
    carriers: { connack: '§3.2.2.3.12' },
    maximum: 1,
  },
  {
    id: 0x2a,
    key: 'sharedSubscriptionAvailable',
    name: 'Shared Subscription Available',
    dataType: 'byte',
    carriers: { connack: '§3.2.2.3.13' },
    maximum: 1,
  },
]

const largestOf: Readonly<Record<PropertyDataType, number>> = {
  byte: 0xff,
  'two byte integer': 0xffff,
  'four byte integer': 0xffff_ffff,
  'variable byte integer': 268_435_455,
  string: 0,
  binary: 0,
  'string pair': 0,
}

/** Every property of MQTT 5, ascending by identifier. */
export const propertyTable: readonly PropertyDefinition[] = rows.map((row) => ({
  repeatableIn: [],
  minimum: 0,
  maximum: largestOf[row.dataType],
  ...row,
}))

const byId: readonly (PropertyDefinition | undefined)[] = indexById()

function indexById(): (PropertyDefinition | undefined)[] {
  const index: (PropertyDefinition | undefined)[] = new Array(0x2b).fill(undefined)
  for (const definition of propertyTable) index[definition.id] = definition
  return index
}

const byKey: ReadonlyMap<string, PropertyDefinition> = new Map(propertyTable.map((row) => [row.key, row]))

export function propertyById(id: number): PropertyDefinition | undefined {
  return byId[id]
}

/** By our camelCase key: `receiveMaximum`. */
export function propertyByKey(key: string): PropertyDefinition | undefined {
  return byKey.get(key)
}

/** Whether this packet (or will) may carry the property at all; `sender` narrows it to one direction. */
export function mayCarry(definition: PropertyDefinition, carrier: PropertyCarrier, sender?: Sender): boolean {
  if (definition.carriers[carrier] === undefined) return false
  const only = definition.onlyFrom
  return sender === undefined || only === undefined || only.carrier !== carrier || only.sender === sender
}

export function isRepeatable(definition: PropertyDefinition, carrier: PropertyCarrier): boolean {
  return definition.repeatableIn.includes(carrier)
}
