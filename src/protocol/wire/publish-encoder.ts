import { copyBytes } from './copy-bytes.ts'
import { encodePacket } from './encode-packet.ts'
import type { Properties, ProtocolVersion, QoS, UserProperty } from './packet.ts'

export interface PublishTemplate {
  readonly topic: string
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: Properties
}

const noPayload = new Uint8Array(0)
const oneByteLimit = 127
const twoByteLimit = 16_383
const threeByteLimit = 2_097_151

/**
 * Writes PUBLISH packets that differ only in packet identifier and payload. All that they share is encoded once, by the
 * strict encoder; a message costs two copies and no object.
 */
export class PublishEncoder {
  readonly qos: QoS
  readonly #firstByte: number
  /** Topic, room for the packet identifier, properties. */
  readonly #variableHeader: Buffer
  readonly #packetIdAt: number
  readonly #userProperties: readonly UserProperty[]
  /** Found once: it is asked for before each message. */
  #askedName: string | undefined
  #askedValue: Buffer | undefined

  constructor(template: PublishTemplate, version: ProtocolVersion) {
    this.qos = template.qos
    this.#userProperties = version === 5 ? (template.properties.userProperties ?? []) : []
    const packetId = template.qos === 0 ? undefined : 1
    const packet = encodePacket({ type: 'publish', dup: false, packetId, payload: noPayload, ...template }, version)
    const headerBytes = 1 + lengthBytes(packet.length - 2)
    this.#firstByte = packet[0] ?? 0
    this.#variableHeader = packet.subarray(headerBytes)
    this.#packetIdAt = 2 + Buffer.byteLength(template.topic)
  }

  /**
   * The value of this user property, the last of its name, in place: what is written over it is in every packet encoded
   * from then on, so a value that differs by message costs no encoding.
   */
  userPropertyValue(name: string): Buffer | undefined {
    if (name === this.#askedName) return this.#askedValue
    this.#askedName = name
    this.#askedValue = this.#findValue(name)
    return this.#askedValue
  }

  /** Bytes of the whole packet for a payload of this size. */
  packetBytes(payloadBytes: number): number {
    const remaining = this.#variableHeader.length + payloadBytes
    return 1 + lengthBytes(remaining) + remaining
  }

  /** Writes one packet at `at`, where `packetBytes` are free, and returns where it ends. `packetId` is unused at QoS 0. */
  encode(out: Buffer, at: number, packetId: number, payload: Buffer, start: number, end: number): number {
    const payloadAt = this.encodeHeader(out, at, packetId, end - start)
    copyBytes(payload, start, end, out, payloadAt)
    return payloadAt + end - start
  }

  /** The same without the payload, which has to follow: gives where. */
  encodeHeader(out: Buffer, at: number, packetId: number, payloadBytes: number): number {
    const header = this.#variableHeader
    out[at] = this.#firstByte
    const headerAt = writeLength(out, at + 1, header.length + payloadBytes)
    copyBytes(header, 0, header.length, out, headerAt)
    if (this.qos !== 0) {
      out[headerAt + this.#packetIdAt] = packetId >> 8
      out[headerAt + this.#packetIdAt + 1] = packetId & 0xff
    }
    return headerAt + header.length
  }

  #findValue(name: string): Buffer | undefined {
    const pair = this.#userProperties.findLast(([each]) => each === name)
    if (pair === undefined) return undefined
    const value = Buffer.from(pair[1])
    const wire = Buffer.concat([lengthAnd(Buffer.from(name)), lengthAnd(value)])
    const end = this.#variableHeader.lastIndexOf(wire) + wire.length
    return this.#variableHeader.subarray(end - value.length, end)
  }

  /** Makes the packet with its payload at `payloadAt` another one, of the same size. */
  renumber(out: Buffer, payloadAt: number, packetId: number): void {
    if (this.qos === 0) return
    const at = payloadAt - this.#variableHeader.length + this.#packetIdAt
    out[at] = packetId >> 8
    out[at + 1] = packetId & 0xff
  }
}

function lengthAnd(text: Buffer): Buffer {
  return Buffer.concat([Buffer.of(text.length >> 8, text.length & 0xff), text])
}

function lengthBytes(value: number): number {
  if (value <= oneByteLimit) return 1
  if (value <= twoByteLimit) return 2
  return value <= threeByteLimit ? 3 : 4
}

/** Variable byte integer, in as few bytes as it takes [MQTT-1.5.5-1]. */
function writeLength(out: Buffer, at: number, value: number): number {
  let rest = value
  let position = at
  while (rest > oneByteLimit) {
    out[position++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  out[position++] = rest
  return position
}
