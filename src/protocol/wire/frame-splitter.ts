import { ReasonCode } from '../reason-code.ts'
import { GrowingBytes } from './growing-bytes.ts'
import type { PacketType, ProtocolVersion, Sender } from './packet.ts'
import { packetTypeOf } from './packet-types.ts'
import { citation, type Rule, rules } from './rules.ts'
import type { Violation } from './violation.ts'

/**
 * A chunk or a packet of more bytes than this lies in memory that is used for nothing else: keep a window on it instead
 * of a copy. One of fewer may be overwritten as soon as who is shown it returns.
 */
export const largestReusedBytes = 64 * 1024

/**
 * `bytes[start, end)` is one whole control packet and its body begins at `bodyStart`. The bytes are the reader's:
 * they may be overwritten as soon as the sink returns, unless the packet is larger than `largestReusedBytes`.
 */
export type FrameSink = (bytes: Buffer, start: number, bodyStart: number, end: number) => void

export interface FrameSplitterOptions {
  /** Bytes of a whole packet, fixed header included. By default what the standard allows. */
  readonly maximumPacketSize?: number
  /** The same for anything but PUBLISH: nothing else has cause to be large. */
  readonly maximumControlPacketSize?: number
  /** Whose bytes these are: it decides which statement is cited. */
  readonly sender?: Sender
}

/** What is there of a packet whose end has not come. */
interface PartialFrame {
  readonly packet?: PacketType
  /** Of the whole packet; absent until the Remaining Length is complete. */
  readonly declaredBytes?: number
  readonly receivedBytes: number
}

/** What the standard allows, fixed header included. */
export const largestPacketBytes = 5 + 268_435_455
const defaultControlPacketBytes = 1024 * 1024
const smallestBufferBytes = 256
/** From here on a packet is gathered without a copy when its buffer grows. */
const largePacketBytes = 1024 * 1024
const publishCode = 3
const firstPacketByte = 0x10
const firstAuthByte = 0xf0
const beyondAnyByte = 0x100
const packetSizeRules = { server: '[MQTT-3.1.2-24]', client: '[MQTT-3.2.2-15]' } as const
/** No standard forbids the packet: we do. */
const localLimit = '[local limit]'

/**
 * Cuts a stream of bytes into control packets, whatever chunks it comes in. A packet that lies whole in its chunk is
 * handed on where it is; one that does not is gathered in a buffer that grows with what has come, never with what was
 * declared. After a violation it is not known where the next packet begins, so nothing more is cut.
 */
export class FrameSplitter {
  #version: ProtocolVersion | undefined = undefined
  /** What no packet begins with, from here up; below MQTT 5 type 15 does not exist. */
  #beyondFirstByte = beyondAnyByte
  readonly #maximumPublish: number
  readonly #maximumControl: number
  readonly #unquestionedBytes: number
  readonly #sender: Sender
  #partial: Buffer | undefined = undefined
  #partialLength = 0
  /** What `#partial` is a window on, for a packet that is large. */
  #large: GrowingBytes | undefined = undefined
  /** Of the whole partial packet; 0 until its header is complete. */
  #declared = 0
  #bodyOffset = 0
  #failure: Violation | undefined = undefined

  constructor(options: FrameSplitterOptions = {}) {
    this.#maximumPublish = options.maximumPacketSize ?? largestPacketBytes
    this.#maximumControl = Math.min(this.#maximumPublish, options.maximumControlPacketSize ?? defaultControlPacketBytes)
    this.#sender = options.sender ?? 'server'
    this.#unquestionedBytes = Math.min(this.#maximumPublish, this.#maximumControl)
  }

  /** Unknown until CONNECT or CONNACK told. */
  get version(): ProtocolVersion | undefined {
    return this.#version
  }

  set version(version: ProtocolVersion | undefined) {
    this.#version = version
    this.hasAuth = version === undefined || version === 5
  }

  /** For who knows the version and does not judge by it. */
  set hasAuth(hasAuth: boolean) {
    this.#beyondFirstByte = hasAuth ? beyondAnyByte : firstAuthByte
  }

  /** Bytes held back, waiting for the rest of their packet. */
  get pendingBytes(): number {
    return this.#partialLength
  }

  /** What a connection that ends now leaves unfinished. */
  pending(): PartialFrame | undefined {
    if (this.#partial === undefined || this.#partialLength === 0) return undefined
    const packet = packetTypeOf(this.#partial[0]!)
    return {
      ...(packet === undefined ? {} : { packet }),
      ...(this.#declared === 0 ? {} : { declaredBytes: this.#declared }),
      receivedBytes: this.#partialLength,
    }
  }

  /** The bytes behind `pending()`, to keep. */
  pendingFrame(): Buffer {
    const bytes = this.#partial?.subarray(0, this.#partialLength) ?? Buffer.alloc(0)
    return this.#partialLength > largestReusedBytes ? bytes : Buffer.from(bytes)
  }

  /** Hands every packet that is now whole to `sink`, in order. Gives the violation that ended the cutting, if any. */
  push(chunk: Buffer, sink: FrameSink): Violation | undefined {
    if (this.#failure !== undefined) return this.#failure
    const length = chunk.length
    let at = this.#partialLength === 0 ? 0 : this.#finishPartial(chunk, sink)
    while (at + 1 < length && this.#failure === undefined) {
      const firstByte = chunk[at]!
      if (firstByte < firstPacketByte || firstByte >= this.#beyondFirstByte) break
      const shortLength = chunk[at + 1]!
      let bodyStart = at + 2
      let end = bodyStart + shortLength
      // Nearly every packet has one length byte and is smaller than any limit: no call for those.
      if (shortLength >= 0x80 || end - at > this.#unquestionedBytes) {
        if (!this.#readHeader(chunk, at, length)) break
        bodyStart = at + this.#bodyOffset
        end = at + this.#declared
      }
      if (end > length) break
      sink(chunk, at, bodyStart, end)
      at = end
    }
    this.#keep(chunk, at)
    return this.#failure
  }

  /** Keeps the tail that is not a whole packet. Its header, as far as it has come, has been looked at. */
  #keep(chunk: Buffer, at: number): void {
    if (at >= chunk.length || this.#failure !== undefined) return
    this.#declared = 0
    if (this.#isNoPacket(chunk[at]!)) return
    if (chunk.length - at > largestReusedBytes) this.#keepInPlace(chunk.subarray(at))
    else this.#append(chunk, at, chunk.length)
    this.#readHeader(this.#partial!, 0, this.#partialLength)
  }

  /** It decides at once: a length that would be waited for means nothing behind such a byte. */
  #isNoPacket(firstByte: number): boolean {
    if (firstByte >= firstPacketByte && firstByte < this.#beyondFirstByte) return false
    const isZero = firstByte < firstPacketByte
    const message = isZero ? 'control packet type 0 is reserved' : 'AUTH does not exist below MQTT 5'
    this.#fail(firstByte, rules.packetType, ReasonCode.malformedPacket, message, 0)
    return true
  }

  /** Adds what the chunk has of the packet held back, and hands it on when whole. Gives where the next one begins. */
  #finishPartial(chunk: Buffer, sink: FrameSink): number {
    let at = 0
    while (this.#declared === 0) {
      if (at === chunk.length) return at
      this.#append(chunk, at, ++at)
      this.#readHeader(this.#partial!, 0, this.#partialLength)
      if (this.#failure !== undefined) return at
    }
    const next = Math.min(chunk.length, at + this.#declared - this.#partialLength)
    this.#append(chunk, at, next)
    if (this.#partialLength === this.#declared) this.#release(sink)
    return next
  }

  #release(sink: FrameSink): void {
    const packet = this.#partial!
    const end = this.#declared
    this.#partialLength = 0
    this.#declared = 0
    this.#large = undefined
    if (packet.length > largestReusedBytes) this.#partial = undefined
    sink(packet, 0, this.#bodyOffset, end)
  }

  /** It has no room left, so that what comes next is put into a buffer of our own with it. */
  #keepInPlace(tail: Buffer): void {
    this.#partial = tail
    this.#partialLength = tail.length
  }

  #append(source: Buffer, start: number, end: number): void {
    if (this.#declared > largePacketBytes) {
      this.#appendLarge(source, start, end)
      return
    }
    const needed = this.#partialLength + end - start
    const buffer = this.#partial
    if (buffer === undefined || buffer.length < needed) {
      const doubled = Math.max(smallestBufferBytes, this.#partialLength * 2)
      const wanted = this.#declared === 0 ? doubled : Math.min(doubled, this.#declared)
      this.#partial = Buffer.allocUnsafeSlow(Math.max(wanted, needed))
      buffer?.copy(this.#partial, 0, 0, this.#partialLength)
    }
    source.copy(this.#partial!, this.#partialLength, start, end)
    this.#partialLength = needed
  }

  #appendLarge(source: Buffer, start: number, end: number): void {
    if (this.#large === undefined) {
      this.#large = new GrowingBytes(this.#declared)
      this.#large.append(this.#partial!, 0, this.#partialLength)
    }
    this.#large.append(source, start, end)
    this.#partial = this.#large.bytes
    this.#partialLength = this.#large.length
  }

  /** Reads the fixed header at `at` into `#bodyOffset` and `#declared`. False when it is incomplete or refused. */
  #readHeader(bytes: Buffer, at: number, end: number): boolean {
    let remaining = 0
    for (let size = 1; size <= 4; size++) {
      if (at + size >= end) return false
      const byte = bytes[at + size]!
      remaining += (byte & 0x7f) * 128 ** (size - 1)
      if (byte >= 0x80) continue
      if (byte === 0 && size > 1 && this.#version === 5) {
        this.#fail(
          bytes[at]!,
          rules.integerMinimal,
          ReasonCode.malformedPacket,
          'the Remaining Length is written in more bytes than it needs',
        )
        return false
      }
      this.#bodyOffset = 1 + size
      return this.#isAllowed(bytes[at]!, 1 + size + remaining)
    }
    this.#fail(bytes[at]!, rules.remainingLength, ReasonCode.malformedPacket, 'the Remaining Length has a fifth byte')
    return false
  }

  #isAllowed(firstByte: number, packetBytes: number): boolean {
    const maximum = firstByte >> 4 === publishCode ? this.#maximumPublish : this.#maximumControl
    if (packetBytes <= maximum) {
      this.#declared = packetBytes
      return true
    }
    const isAnnounced = this.#version === 5 && packetBytes > this.#maximumPublish
    const message = `a packet of ${packetBytes} bytes was announced, and ${maximum} is the most that is accepted`
    this.#fail(firstByte, isAnnounced ? packetSizeRules[this.#sender] : localLimit, ReasonCode.packetTooLarge, message)
    return false
  }

  /** Nearly always it is the length that is wrong. */
  #fail(firstByte: number, rule: Rule | string, reasonCode: number, message: string, offset = 1): void {
    const packet = packetTypeOf(firstByte)
    const version = this.#version ?? (this.#beyondFirstByte === beyondAnyByte ? 5 : 4)
    const violation = { offset, rule: citation(rule, version), reasonCode, message }
    this.#failure = packet === undefined ? violation : { packet, ...violation }
    this.#partial = undefined
    this.#large = undefined
    this.#partialLength = 0
  }
}
