import type { Publisher } from '../../../connection/publish/publisher.ts'
import type { Properties, UserProperty } from '../../../protocol/wire/packet.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import { stampBytes, stampHeadBytes, writeStamp, writeStampHead } from './stamp.ts'

/** Beside a payload of the user's own the stamp travels as this user property, in base64: 32 characters. */
export const stampPropertyName = 'b'
const nameByte = 0x62
/** b7 9d begins with `t5`. */
const firstOfMark = 0x74
const secondOfMark = 0x35
const stampTextBytes = (stampBytes / 3) * 4
const headTextBytes = (stampHeadBytes / 3) * 4

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
/** By character; 255, which is -1 in a byte, is none of base64. */
const sixBits = Uint8Array.from({ length: 256 }, (_, character) => alphabet.indexOf(character))

/** The stamps of one publisher, each written over the last one in the header that all its messages share. */
export class StampProperty {
  /** What the template of the messages carries, its changing part still empty. */
  readonly property: UserProperty
  readonly #stamp = Buffer.alloc(stampBytes)

  constructor(runId: number, publisher: number) {
    writeStampHead(this.#stamp, 0, runId, publisher)
    this.property = [stampPropertyName, this.#stamp.toString('base64')]
  }

  write(
    publisher: Publisher,
    sequence: number,
    intendedMicroseconds: number,
    delayMicroseconds: number,
    isOfWarmup: boolean,
  ): void {
    const text = publisher.userPropertyValue(stampPropertyName)
    if (text === undefined) return
    writeStamp(this.#stamp, 0, sequence, intendedMicroseconds, delayMicroseconds, isOfWarmup)
    writeBase64(this.#stamp, stampHeadBytes, text, headTextBytes)
  }
}

/** The properties that all messages of a publisher carry. */
export function withStamp(properties: Properties, stamp: StampProperty | undefined): Properties {
  if (stamp === undefined) return properties
  return { ...properties, userProperties: [...(properties.userProperties ?? []), stamp.property] }
}

/** Finds the stamp of a message among its user properties and writes it to `out`; false when there is none. */
export function readStampProperty(message: PublishView, out: Buffer): boolean {
  const { bytes, propertiesStart, propertiesEnd } = message
  for (let at = propertiesStart; at < propertiesEnd; ) {
    const nameEnd = at + 3 + uint16(bytes, at + 1)
    const valueLength = uint16(bytes, nameEnd)
    const isNamed = nameEnd - at === 4 && bytes[at + 3] === nameByte && valueLength === stampTextBytes
    if (isNamed && hasMark(bytes, nameEnd + 2) && readBase64(bytes, nameEnd + 2, out)) return true
    at = nameEnd + 2 + valueLength
  }
  return propertiesStart === propertiesEnd && readAmongOthers(message, out)
}

/** Behind a topic alias, or among properties of other kinds. */
function readAmongOthers(message: PublishView, out: Buffer): boolean {
  const { userProperties = [] } = message.properties()
  return userProperties.some((pair) => isStampProperty(pair) && readBase64(Buffer.from(pair[1], 'latin1'), 0, out))
}

export function isStampProperty([name, value]: UserProperty): boolean {
  return name === stampPropertyName && value.length === stampTextBytes && hasMark(Buffer.from(value, 'latin1'), 0)
}

/** The first half of the mark: the user may have a property `b` of his own. */
function hasMark(bytes: Buffer, at: number): boolean {
  return bytes[at] === firstOfMark && bytes[at + 1] === secondOfMark
}

function uint16(bytes: Buffer, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** All of `source` from `from` on, a multiple of three bytes. */
function writeBase64(source: Buffer, from: number, out: Buffer, at: number): void {
  for (let read = from, write = at; read < source.length; read += 3, write += 4) {
    const bits = (source[read]! << 16) | (source[read + 1]! << 8) | source[read + 2]!
    out[write] = alphabet[bits >> 18]!
    out[write + 1] = alphabet[(bits >> 12) & 63]!
    out[write + 2] = alphabet[(bits >> 6) & 63]!
    out[write + 3] = alphabet[bits & 63]!
  }
}

function readBase64(text: Buffer, at: number, out: Buffer): boolean {
  let seen = 0
  for (let read = at, write = 0; write < stampBytes; read += 4, write += 3) {
    const first = sixBits[text[read]!]!
    const second = sixBits[text[read + 1]!]!
    const third = sixBits[text[read + 2]!]!
    const fourth = sixBits[text[read + 3]!]!
    seen |= first | second | third | fourth
    const bits = (first << 18) | (second << 12) | (third << 6) | fourth
    out[write] = bits >> 16
    out[write + 1] = bits >> 8
    out[write + 2] = bits
  }
  return seen < 64
}
