import { redacted } from './redacted.ts'
import type { Packet, Properties } from './wire/packet.ts'

/** Words of a peer without the secrets that we told it. */
export type Conceal = (words: string) => string

/** Shorter ones are in every sentence, and are no secret. */
const shortest = 4
/** From here on a secret is one wherever it stands; a shorter one only where it is a word of its own. */
const shortestAnywhere = 8

/**
 * For what a peer says, and for nothing else: a broker may repeat our password in a reason string. Our own words and what
 * the user typed keep their letters whatever the password is; each place of ours that can hold a secret masks its field.
 */
export function concealing(secrets: readonly string[]): Conceal {
  const pattern = patternOf(secrets)
  return pattern === undefined ? (words) => words : (words) => words.replace(pattern, redacted)
}

/** Where these bytes of a peer repeat a secret. */
export type FindRepeats = (bytes: Buffer) => readonly { readonly start: number; readonly end: number }[]

export function findingRepeats(secrets: readonly string[]): FindRepeats {
  const pattern = patternOf(secrets.map((secret) => Buffer.from(secret).toString('latin1')))
  if (pattern === undefined) return () => []
  return (bytes) =>
    Array.from(bytes.toString('latin1').matchAll(pattern), ({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
    }))
}

function patternOf(secrets: readonly string[]): RegExp | undefined {
  const told = [...new Set(secrets)].filter(({ length }) => length >= shortest)
  if (told.length === 0) return undefined
  const forms = told.flatMap(formsOf).sort((one, other) => other.length - one.length) // what holds another goes first
  return new RegExp([...new Set(forms)].map(wholeOrAnywhere).join('|'), 'giu')
}

/** As it is, and in the ways in which programs write what they were told. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < shortestAnywhere) return [secret]
  const bytes = Buffer.from(secret)
  const base64 = bytes.toString('base64').replace(/=+$/, '')
  const json = JSON.stringify(secret).slice(1, -1)
  const encoded = [bytes.toString('base64url'), bytes.toString('hex'), json]
  return [secret, encodedForUrl(secret), base64, ...encoded]
}

function encodedForUrl(secret: string): string {
  try {
    return encodeURIComponent(secret)
  } catch {
    return secret // half of a surrogate pair
  }
}

function wholeOrAnywhere(form: string): string {
  const literal = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return form.length < shortestAnywhere ? `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])` : literal
}

/** The packet of a peer with its words concealed. Topic and payload of a message are not its words. */
export function concealPacket<P extends Packet>(packet: P, conceal: Conceal): P {
  if (packet.type === 'publish' || !('properties' in packet)) return packet
  return { ...packet, properties: concealProperties(packet.properties, conceal) }
}

const wordsOfProperties = ['reasonString', 'serverReference', 'responseInformation', 'authenticationMethod'] as const

function concealProperties(properties: Properties, conceal: Conceal): Properties {
  const words = wordsOfProperties.flatMap((name) => {
    const text = properties[name]
    return text === undefined ? [] : [[name, conceal(text)] as const]
  })
  const { userProperties } = properties
  const pairs = userProperties?.map(([name, value]) => [conceal(name), conceal(value)] as const)
  return { ...properties, ...Object.fromEntries(words), ...(pairs !== undefined && { userProperties: pairs }) }
}
