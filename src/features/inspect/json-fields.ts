import type { Advice } from '../../advice.ts'
import { MqttCliError } from '../../errors.ts'
import { redacted } from '../../protocol/redacted.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** The JSON cannot become a packet: one field is named, and what it should be. */
export function badField(path: string, problem: string, advice: Advice): MqttCliError {
  return new MqttCliError('usage', `${path}: ${problem}`, {
    layer: 'JSON',
    tries: [advice, { try: 'decoded-shape' }],
    facts: { field: path },
  })
}

/** Reads the fields of one object, and names the one that is wrong by its path. */
export class JsonFields {
  readonly path: string
  readonly #object: JsonObject

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw badField(path, 'must be an object', `write it as {…}, not ${shown(value)}`)
    }
    this.path = path
    this.#object = value as JsonObject
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name) && this.#object[name] !== undefined
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#object[name] : undefined
  }

  pathOf(name: string): string {
    return `${this.path}.${name}`
  }

  names(): readonly string[] {
    return Object.keys(this.#object)
  }

  /** A misspelt field must not be passed over in silence. */
  refuseUnknown(known: readonly string[]): void {
    const strange = this.names().find((name) => !known.includes(name))
    if (strange !== undefined) {
      throw badField(this.pathOf(strange), 'is no field of this packet', `use one of ${known.join(', ')}`)
    }
  }

  text(name: string, byDefault?: string): string {
    return textOf(this.#required(name, byDefault), this.pathOf(name))
  }

  flag(name: string, byDefault = false): boolean {
    const value = this.#required(name, byDefault)
    if (typeof value === 'boolean') return value
    throw badField(this.pathOf(name), `is ${shown(value)}`, 'write true or false')
  }

  integer(name: string, maximum: number, byDefault?: number): number {
    return integerOf(this.#required(name, byDefault), this.pathOf(name), maximum)
  }

  list(name: string): readonly unknown[] {
    const value = this.#required(name)
    if (Array.isArray(value)) return value
    throw badField(this.pathOf(name), `is ${shown(value)}`, 'write a list: […]')
  }

  /** A string is its UTF-8 bytes; `{"base64":"…"}` is any bytes. */
  bytes(name: string): Buffer {
    return bytesOf(this.#required(name), this.pathOf(name))
  }

  #required(name: string, byDefault?: unknown): unknown {
    if (this.has(name)) return this.#object[name]
    if (byDefault !== undefined) return byDefault
    throw badField(this.pathOf(name), 'is missing', 'this packet cannot be without it')
  }
}

export function textOf(value: unknown, path: string): string {
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return value
  const problem = typeof value === 'string' ? 'has half of a surrogate pair' : `is ${shown(value)}`
  throw badField(path, problem, 'write a string')
}

export function integerOf(value: unknown, path: string, maximum: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximum) return value
  throw badField(path, `is ${shown(value)}`, `write a whole number from 0 to ${maximum}`)
}

export function bytesOf(value: unknown, path: string): Buffer {
  if (value === redacted) throw redactedField(path)
  if (typeof value === 'string') return Buffer.from(textOf(value, path))
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  // What stands there may be a password: it is not shown.
  if (!isObject) throw badField(path, 'is neither a string nor {"base64":"…"}', 'write one of them')
  return base64Bytes(new JsonFields(value, path).text('base64'), `${path}.base64`)
}

export function base64Bytes(text: string, path: string): Buffer {
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64')
  throw badField(path, 'is not base64', 'write it with padding, and without line ends')
}

export function redactedField(path: string): MqttCliError {
  return badField(path, 'is ***: the secret is not in this JSON', { try: 'kept-secrets' })
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
