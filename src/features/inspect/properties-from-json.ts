import { mayCarry, type PropertyCarrier, type PropertyDefinition, propertyByKey } from '../../protocol/properties.ts'
import type { Properties } from '../../protocol/wire/packet.ts'
import { badField, bytesOf, integerOf, JsonFields, textOf } from './json-fields.ts'

/** The `properties` of a packet or a will, by the standard's names in camelCase. */
export function propertiesFromJson(owner: JsonFields, carrier: PropertyCarrier): Properties {
  if (!owner.has('properties')) return {}
  const fields = new JsonFields(owner.raw('properties'), owner.pathOf('properties'))
  return Object.fromEntries(fields.names().map((name) => [name, propertyFromJson(fields, name, carrier)]))
}

function propertyFromJson(fields: JsonFields, name: string, carrier: PropertyCarrier): unknown {
  const path = fields.pathOf(name)
  const definition = propertyByKey(name)
  if (definition === undefined) throw badField(path, 'is not a property', 'names are as in receiveMaximum, contentType')
  if (!mayCarry(definition, carrier)) {
    throw badField(path, `does not belong in ${carrier === 'will' ? 'a will' : carrier.toUpperCase()}`, 'leave it out')
  }
  const value = fields.raw(name)
  if (definition.repeatableIn.length === 0) return valueFromJson(definition, value, path)
  if (!Array.isArray(value)) throw badField(path, 'must be a list', 'write […]')
  return value.map((single, index) => valueFromJson(definition, single, `${path}[${index}]`))
}

function valueFromJson(definition: PropertyDefinition, value: unknown, path: string): unknown {
  switch (definition.dataType) {
    case 'string':
      return textOf(value, path)
    case 'binary':
      return bytesOf(value, path)
    case 'string pair':
      return pairFromJson(value, path)
    default:
      return integerOf(value, path, definition.maximum)
  }
}

function pairFromJson(value: unknown, path: string): readonly [string, string] {
  if (!Array.isArray(value) || value.length !== 2) {
    throw badField(path, 'is no pair', 'write ["name","value"]')
  }
  return [textOf(value[0], `${path}[0]`), textOf(value[1], `${path}[1]`)]
}
