import { isRepeatable, mayCarry, type PropertyCarrier, type PropertyDefinition, propertyById } from '../properties.ts'
import { ReasonCode } from '../reason-code.ts'
import { topicNameProblem } from '../topic-name.ts'
import type { FieldReader } from './field-reader.ts'
import type { Properties, UserProperty } from './packet.ts'
import { rules } from './rules.ts'

type Draft = { -readonly [Key in keyof Properties]: Properties[Key] } & {
  userProperties?: UserProperty[]
  subscriptionIdentifier?: number[]
}

/** What a packet without properties has; shared, since nobody may change it. */
export const noProperties: Properties = Object.freeze({})

/** The property block of a packet, or of the will. Below MQTT 5 there is none. */
export function readProperties(reader: FieldReader, carrier: PropertyCarrier): Properties {
  if (reader.version < 5) return noProperties
  const name = carrier === 'will' ? 'will.properties' : 'properties'
  const start = reader.at
  if (start >= reader.end) {
    reader.fault(rules.propertyLengthPresent, start, ReasonCode.malformedPacket, 'the Property Length is missing')
    reader.stop()
    return noProperties
  }
  const span = reader.open(name, start)
  const length = reader.takeVariableInteger('Property Length')
  reader.note(`${name}.length`, start, length)
  const properties = length === 0 ? noProperties : readBlock(reader, carrier, name, start, length)
  reader.close(span)
  return properties
}

function readBlock(
  reader: FieldReader,
  carrier: PropertyCarrier,
  name: string,
  lengthStart: number,
  length: number,
): Properties {
  if (reader.at + length > reader.end) {
    reader.fault(
      rules.propertyLength,
      lengthStart,
      ReasonCode.malformedPacket,
      'the Property Length reaches beyond the packet',
    )
    reader.stop()
    return noProperties
  }
  const packetEnd = reader.enterBlock(length)
  const draft: Draft = {}
  while (reader.at < reader.end) readProperty(reader, carrier, name, draft)
  reader.leaveBlock(packetEnd)
  if (draft.authenticationData !== undefined && draft.authenticationMethod === undefined) {
    const section = propertyById(0x16)!.carriers[carrier]
    reader.fault(
      `[MQTT5 ${section}]`,
      lengthStart,
      ReasonCode.protocolError,
      'Authentication Data without Authentication Method',
    )
  }
  return draft
}

function readProperty(reader: FieldReader, carrier: PropertyCarrier, block: string, draft: Draft): void {
  const start = reader.at
  const id = reader.takeVariableInteger('Property Identifier')
  const definition = propertyById(id)
  if (definition === undefined) {
    reader.fault(
      rules.property,
      start,
      ReasonCode.malformedPacket,
      `0x${id.toString(16).padStart(2, '0')} is not a property`,
    )
    reader.stop() // its length is unknown
    return
  }
  checkPlace(reader, definition, carrier, start, draft[definition.key] !== undefined)
  const value = readValue(reader, definition)
  if (reader.stopped) return
  if (reader.isAnnotating) {
    reader.note(`${block}.${definition.key}`, start, value, definition.key === 'authenticationData')
  }
  checkValue(reader, definition, carrier, start, value)
  store(draft, definition, value)
}

function checkPlace(
  reader: FieldReader,
  definition: PropertyDefinition,
  carrier: PropertyCarrier,
  start: number,
  isRepeated: boolean,
): void {
  const { name } = definition
  if (!mayCarry(definition, carrier)) {
    reader.fault(
      rules.property,
      start,
      ReasonCode.malformedPacket,
      `${name} does not belong in ${carrierName(carrier)}`,
    )
  } else if (!mayCarry(definition, carrier, reader.sender)) {
    const rule = definition.onlyFrom!.rule
    const message = `a ${reader.sender} may not send ${name} in ${carrierName(carrier)}`
    reader.fault(rule, start, ReasonCode.protocolError, message)
  } else if (isRepeated && !isRepeatable(definition, carrier)) {
    reader.fault(rules.property, start, ReasonCode.protocolError, `${name} comes twice`)
  }
}

function carrierName(carrier: PropertyCarrier): string {
  return carrier === 'will' ? 'a will' : carrier.toUpperCase()
}

function readValue(reader: FieldReader, definition: PropertyDefinition): unknown {
  const { name } = definition
  switch (definition.dataType) {
    case 'byte':
      return reader.takeByte(name)
    case 'two byte integer':
      return reader.takeUint16(name)
    case 'four byte integer':
      return reader.takeUint32(name)
    case 'variable byte integer':
      return reader.takeVariableInteger(name)
    case 'string':
      return reader.takeString(name)
    case 'binary':
      return reader.takeBinary(name)
    case 'string pair':
      return [reader.takeString(name), reader.takeString(name)] // [MQTT-1.5.7-1]
  }
}

function checkValue(
  reader: FieldReader,
  definition: PropertyDefinition,
  carrier: PropertyCarrier,
  start: number,
  value: unknown,
): void {
  if (typeof value === 'number') {
    if (value >= definition.minimum && value <= definition.maximum) return
    const { rule, reasonCode = ReasonCode.protocolError } = definition.outOfRange ?? {}
    const section = `[MQTT5 ${definition.carriers[carrier] ?? '§2.2.2.2'}]`
    reader.fault(rule ?? section, start, reasonCode, `${definition.name} may not be ${value}`)
  } else if (definition.key === 'responseTopic') {
    const problem = topicNameProblem(value as string)
    if (problem === undefined) return
    const rule = value === '' ? problem.rule : rules.responseTopic // [MQTT-3.3.2-14]
    reader.fault(rule, start, ReasonCode.malformedPacket, `Response Topic: ${problem.message}`)
  }
}

/** The keys come from our table, never from the peer. */
function store(draft: Draft, definition: PropertyDefinition, value: unknown): void {
  if (definition.key === 'userProperties') {
    draft.userProperties ??= []
    draft.userProperties.push(value as UserProperty)
  } else if (definition.key === 'subscriptionIdentifier') {
    draft.subscriptionIdentifier ??= []
    draft.subscriptionIdentifier.push(value as number)
  } else {
    ;(draft as Record<string, unknown>)[definition.key] = value
  }
}
