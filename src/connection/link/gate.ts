import { type Conceal, concealPacket } from '../../protocol/conceal.ts'
import { decodePacket } from '../../protocol/wire/decode-packet.ts'
import { type FrameSink, FrameSplitter, largestReusedBytes } from '../../protocol/wire/frame-splitter.ts'
import type { Acknowledgement, Packet, ProtocolVersion, Publish } from '../../protocol/wire/packet.ts'
import { ScannedPublish, scanPublish } from '../../protocol/wire/publish-scan.ts'
import { isViolation, type Violation } from '../../protocol/wire/violation.ts'
import { unlistedRefusal, withoutReservedFlags } from './tolerance.ts'

export type AcknowledgementType = Acknowledgement['type']

/** Where packets go once they have passed. A handler may refuse one, as a rule over time that the bytes cannot show. */
export interface GateHandlers {
  /** An ordinary PUBLISH, read in place by the fast scan. */
  scannedPublish(publish: ScannedPublish): Violation | undefined
  /** Any other PUBLISH, from the strict decoder: its topic may still be an alias. */
  decodedPublish(packet: Publish): Violation | undefined
  acknowledgement(
    type: AcknowledgementType,
    packetId: number,
    reasonCode: number,
    packet?: Packet,
  ): Violation | undefined
  /** Everything else. */
  control(packet: Packet, wire: Buffer): Violation | undefined
  /** A rule was broken that who asked for it lets pass. */
  tolerated(violation: Violation): void
  /** Nothing after this packet is looked at. */
  violated(violation: Violation): void
}

export interface GateLimits {
  readonly maximumPacketSize?: number
  readonly toleratesFlags?: boolean
  /** For the words of the broker, before anybody repeats them. */
  readonly conceal?: Conceal
}

const publishType = 3
/** First byte of each acknowledgement with the flags that it must have, below which the plain form is read in place. */
const plainAcknowledgements: ReadonlyMap<number, AcknowledgementType> = new Map([
  [0x40, 'puback'],
  [0x50, 'pubrec'],
  [0x62, 'pubrel'],
  [0x70, 'pubcomp'],
])
/** A packet identifier and nothing else, however the length before it is written. */
const plainAcknowledgementBytes = 2
const oldConnackBytes = 4
const nothing = Buffer.alloc(0)

/**
 * Everything inbound passes here: cut into packets and strictly decoded before anybody acts on it. After the first
 * violation nothing passes any more [MQTT-4.13.1-1].
 */
export class Gate {
  readonly #splitter: FrameSplitter
  /** Made with the first PUBLISH. */
  #scanned: ScannedPublish | undefined
  readonly #handlers: GateHandlers
  #version: ProtocolVersion
  readonly #toleratesFlags: boolean
  readonly #conceal: Conceal | undefined
  #closed = false
  #isPacketWhole = false
  readonly #onFrame: FrameSink = (bytes, start, bodyStart, end) => this.#frame(bytes, start, bodyStart, end)

  constructor(version: ProtocolVersion, handlers: GateHandlers, limits: GateLimits = {}) {
    const { maximumPacketSize, toleratesFlags = false } = limits
    this.#toleratesFlags = toleratesFlags
    this.#conceal = limits.conceal
    this.#version = version
    this.#handlers = handlers
    this.#splitter = new FrameSplitter(maximumPacketSize === undefined ? {} : { maximumPacketSize })
    this.#splitter.version = version
  }

  /** Whether a packet came to its end with these bytes. */
  receive(chunk: Buffer): boolean {
    if (this.#closed) return false
    this.#isPacketWhole = false
    const violation = this.#splitter.push(chunk, this.#onFrame)
    const scanned = this.#scanned
    if (scanned !== undefined && scanned.bytes.length > largestReusedBytes) scanned.release()
    if (violation !== undefined) this.#refuse(violation)
    return this.#isPacketWhole
  }

  /** Lets nothing through any more. */
  close(): void {
    this.#closed = true
  }

  /** A packet that began and did not end, when the connection did. */
  get unfinished() {
    return this.#splitter.pending()
  }

  #frame(bytes: Buffer, start: number, bodyStart: number, end: number): void {
    this.#isPacketWhole = true
    if (this.#closed) return
    const violation = this.#pass(bytes, start, bodyStart, end)
    if (violation !== undefined) this.#refuse(violation)
  }

  #pass(bytes: Buffer, start: number, bodyStart: number, end: number): Violation | undefined {
    const firstByte = bytes[start] as number
    if (firstByte >> 4 === publishType) {
      this.#scanned ??= new ScannedPublish()
      if (scanPublish(this.#scanned, bytes, start, bodyStart, end, this.#version)) {
        return this.#handlers.scannedPublish(this.#scanned)
      }
    } else if (end - bodyStart === plainAcknowledgementBytes) {
      const type = plainAcknowledgements.get(firstByte)
      const packetId = ((bytes[bodyStart] as number) << 8) | (bytes[bodyStart + 1] as number)
      if (type !== undefined && packetId !== 0) return this.#handlers.acknowledgement(type, packetId, 0)
    }
    return this.#passStrictly(bytes, start, end)
  }

  #passStrictly(bytes: Buffer, start: number, end: number): Violation | undefined {
    const version = this.#versionOf(bytes, start, end)
    const packet = decodePacket(bytes, start, end, { version, sender: 'server' })
    if (isViolation(packet)) return this.#passTolerated(packet, bytes, start, end, version)
    return this.#hand(packet, bytes.subarray(start, end))
  }

  /** What breaks a rule that harms nobody is read as if it did not. */
  #passTolerated(
    violation: Violation,
    bytes: Buffer,
    start: number,
    end: number,
    version: ProtocolVersion,
  ): Violation | undefined {
    const refusal = unlistedRefusal(violation, bytes, start, end, version)
    if (refusal !== undefined) return isViolation(refusal) ? refusal : this.#hand(refusal, nothing)
    const tolerated = this.#toleratesFlags ? withoutReservedFlags(violation, bytes, start, end, version) : violation
    if (tolerated === undefined || isViolation(tolerated)) return tolerated ?? violation
    this.#handlers.tolerated(violation)
    return this.#hand(tolerated.packet, tolerated.wire)
  }

  #hand(read: Packet, wire: Buffer): Violation | undefined {
    if (read.type === 'publish') return this.#handlers.decodedPublish(read)
    const packet = this.#conceal === undefined ? read : concealPacket(read, this.#conceal)
    if (packet.type === 'puback' || packet.type === 'pubrec' || packet.type === 'pubrel' || packet.type === 'pubcomp') {
      return this.#handlers.acknowledgement(packet.type, packet.packetId, packet.reasonCode, packet)
    }
    return this.#handlers.control(packet, wire)
  }

  /** A four-byte CONNACK answers a CONNECT of any version: an older server says no to MQTT 5 in its own words. */
  #versionOf(bytes: Buffer, start: number, end: number): ProtocolVersion {
    const isOldConnack = bytes[start] === 0x20 && end - start === oldConnackBytes
    return isOldConnack && this.#version === 5 ? 4 : this.#version
  }

  #refuse(violation: Violation): void {
    if (this.#closed) return
    this.#closed = true
    this.#handlers.violated(violation)
  }
}
