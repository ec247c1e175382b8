import type { Properties } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { integer } from './integer.ts'
import { type NamedProperty, namedProperties, type PropertyPacket } from './property-names.ts'
import { topicName } from './topic.ts'
import { validText } from './valid-text.ts'

const example = '-D publish content-type text/plain, -D connect user-property name value'

/** How many words after `-D` are its own: packet, name, value; a user property has a name and a value of its own. */
export function countPropertyWords(following: readonly string[]): number {
  return following[1] === 'user-property' ? 4 : 3
}

export type PacketProperties = Readonly<Record<PropertyPacket, Properties>>

/** All `-D` of a command line, sorted by packet. Each is words in a JSON array, or one text from the environment. */
export function packetProperties(uses: readonly string[], packets: readonly PropertyPacket[]): PacketProperties {
  const sorted = { connect: {}, publish: {}, will: {}, subscribe: {}, unsubscribe: {}, disconnect: {} }
  for (const use of uses) addProperty(sorted, packets, splitWords(use))
  return sorted
}

function splitWords(use: string): readonly string[] {
  return use.startsWith('["') ? JSON.parse(use) : use.trim().split(/\s+/)
}

function addProperty(sorted: PacketProperties, packets: readonly PropertyPacket[], words: readonly string[]): void {
  const [packetWord = '', name = '', ...values] = words
  const packet = packets.find((known) => known === packetWord.toLowerCase())
  if (packet === undefined) {
    throw usageError(
      `-D does not know the packet ${JSON.stringify(packetWord)} here`,
      `use one of ${packets.join(', ')}`,
    )
  }
  const property = namedProperties.get(name)
  if (property === undefined || !property.packets.includes(packet)) throw unknownProperty(packet, name)
  if (values.length !== countPropertyWords(words) - 2) {
    throw usageError(`-D ${packet} ${name}: a word is missing or too many`, `write it like ${example}`)
  }
  store(sorted[packet] as Record<string, unknown>, property, values, `-D ${packet} ${name}`)
}

function store(
  target: Record<string, unknown>,
  property: NamedProperty,
  values: readonly string[],
  flag: string,
): void {
  if (property.kind === 'pair') {
    target[property.key] = [...((target[property.key] as unknown[] | undefined) ?? []), validPair(values, flag)]
    return
  }
  if (target[property.key] !== undefined) {
    throw usageError(`${flag} is given twice, and a packet carries it once`, 'leave one of them out')
  }
  target[property.key] = propertyValue(property, values[0] ?? '', flag)
}

function propertyValue({ kind, key }: NamedProperty, text: string, flag: string): unknown {
  if (kind === 'bytes') return Buffer.from(validText(text, flag))
  if (kind === 'topic') return topicName(text, flag, 5) // [MQTT-3.3.2-14]
  if (kind === 'flag') return integer(text, flag, { minimum: 0, maximum: 1 })
  if (typeof kind === 'string') return validText(text, flag)
  const number = integer(text, flag, { minimum: kind.minimum ?? 0, maximum: kind.maximum })
  return key === 'subscriptionIdentifier' ? [number] : number
}

function validPair(values: readonly string[], flag: string): readonly string[] {
  return values.map((value) => validText(value, flag))
}

function unknownProperty(packet: PropertyPacket, name: string): Error {
  const names = [...namedProperties].filter(([, { packets }]) => packets.includes(packet)).map(([known]) => known)
  return usageError(`-D ${packet} has no property ${JSON.stringify(name)}`, `use one of ${names.join(', ')}`)
}
