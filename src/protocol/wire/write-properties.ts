import { type PropertyDefinition, propertyTable } from '../properties.ts'
import type { FieldWriter } from './field-writer.ts'
import type { Properties, UserProperty } from './packet.ts'

/** A property block: ascending by identifier, lists in their own order. */
export function writeProperties(writer: FieldWriter, properties: Properties): void {
  writer.block(() => {
    for (const definition of propertyTable) writeProperty(writer, definition, properties[definition.key])
  })
}

export function hasProperties(properties: Properties): boolean {
  return propertyTable.some((definition) => {
    const value = properties[definition.key]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
}

function writeProperty(writer: FieldWriter, definition: PropertyDefinition, value: unknown): void {
  if (value === undefined) return
  const values = definition.repeatableIn.length > 0 ? (value as readonly unknown[]) : [value]
  for (const single of values) {
    writer.variableInteger(definition.id)
    writeValue(writer, definition, single)
  }
}

function writeValue(writer: FieldWriter, definition: PropertyDefinition, value: unknown): void {
  switch (definition.dataType) {
    case 'byte':
      writer.byte(value as number)
      break
    case 'two byte integer':
      writer.uint16(value as number)
      break
    case 'four byte integer':
      writer.uint32(value as number)
      break
    case 'variable byte integer':
      writer.variableInteger(value as number)
      break
    case 'string':
      writer.string(value as string)
      break
    case 'binary':
      writer.binary(value as Uint8Array)
      break
    case 'string pair': {
      const [name, text] = value as UserProperty
      writer.string(name)
      writer.string(text)
      break
    }
  }
}
