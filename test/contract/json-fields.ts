import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** As much of JSON Schema as docs/schemas uses. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema | boolean>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly definitions?: Readonly<Record<string, Schema>>
}

/** A line for every field of every schema: where it stands, what it holds, and whether it may be missing. */
export function jsonFieldLines(root: string): readonly string[] {
  const folder = join(root, 'docs', 'schemas')
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.sort().flatMap((file) => {
    const schema: Schema = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const parts = Object.entries({ ...schema.definitions, ...schema.$defs }).flatMap(([name, part]) =>
      fieldsBelow(part, `<${name}>`),
    )
    const lines = [...fieldsBelow(schema, ''), ...parts].map((line) => `  ${line}`)
    return [file, ...new Set(lines.sort()), '']
  })
}

function fieldsBelow(schema: Schema, path: string): readonly string[] {
  const { properties = {}, required = [], additionalProperties, items } = schema
  const fields = Object.entries(properties).flatMap(([name, field]) => {
    if (typeof field === 'boolean') return [] // said elsewhere, and here only that it may be there
    const place = path === '' ? name : `${path}.${name}`
    return [`${place}${required.includes(name) ? '' : '?'}: ${kindOf(field)}`, ...fieldsBelow(field, place)]
  })
  const own =
    path.startsWith('<') && !path.includes('.') && kindOf(schema) !== 'object' ? [`${path}: ${kindOf(schema)}`] : []
  const others =
    typeof additionalProperties === 'object'
      ? [`${path}.*: ${kindOf(additionalProperties)}`, ...fieldsBelow(additionalProperties, `${path}.*`)]
      : []
  const elements = items === undefined ? [] : fieldsBelow(items, `${path}[]`)
  return [
    ...own,
    ...fields,
    ...others,
    ...elements,
    ...formsOf(schema).flatMap((form) => fieldsBelow(form, formPath(form, path))),
  ]
}

const formsOf = ({ anyOf = [], oneOf = [], allOf = [] }: Schema) => [...anyOf, ...oneOf, ...allOf]

/** Records of several types share a place: each is told by the type that it says it has. */
function formPath(form: Schema, path: string): string {
  const type = form.properties?.type
  return typeof type === 'object' && (type.const !== undefined || type.enum !== undefined)
    ? `${path}(${kindOf(type)})`
    : path
}

function kindOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace(/^#.(\$defs|definitions)./, '').replace(/^[^#/]+$/, '<$&>')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`
  if (schema.type !== undefined) return [schema.type].flat().join(' | ')
  return [...new Set(formsOf(schema).map(kindOf))].join(' | ') || 'object'
}
