import { GrowingBytes } from '../../protocol/wire/growing-bytes.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { packetSizeAt } from '../../protocol/wire/packet-size.ts'
import { mayBeginPacket } from '../../protocol/wire/packet-types.ts'
import { livePartBytes } from '../sign-of-life.ts'
import { ForwardingTransport } from './forwarding-transport.ts'
import type { Transport } from './transport.ts'

/** From here on a packet is gathered. */
const largePacketBytes = 1024 * 1024
const publishType = 3
const nothing = Buffer.alloc(0)

/**
 * Passes inbound bytes on as they come, but a large PUBLISH whole: a tap and the session behind it would each gather it
 * for themselves, and then it would be in memory twice or three times. Meanwhile they hear of bytes without any, so that
 * nobody takes the peer for dead. What is above `maximumPacketSize` passes as it comes, to be refused at its header.
 */
export function gatherLargePackets(
  transport: Transport,
  version: ProtocolVersion,
  maximumPacketSize?: number,
): Transport {
  return new GatheringTransport(transport, version, maximumPacketSize)
}

class GatheringTransport extends ForwardingTransport {
  readonly #version: ProtocolVersion
  readonly #maximumPacketSize: number
  #receive: Transport['onBytes'] = () => {}
  /** A fixed header of which the rest has not come. */
  #header = nothing
  #gathered: GrowingBytes | undefined
  /** Gathered since the session last heard of any. */
  #unheardBytes = 0
  /** Still to come of the packet under way. */
  #bytesLeft = 0

  constructor(inner: Transport, version: ProtocolVersion, maximumPacketSize = Number.POSITIVE_INFINITY) {
    super(inner)
    this.#version = version
    this.#maximumPacketSize = maximumPacketSize
  }

  override get onBytes(): Transport['onBytes'] {
    return this.#receive
  }

  override set onBytes(receive: Transport['onBytes']) {
    this.#receive = receive
    this.inner.onBytes = (chunk) => this.#take(chunk)
  }

  override get onClose(): Transport['onClose'] {
    return this.inner.onClose
  }

  override set onClose(closed: Transport['onClose']) {
    this.inner.onClose = (cause) => {
      this.#passRest()
      closed(cause)
    }
  }

  override end(): void {
    this.#passRest()
    this.inner.end()
  }

  override depart(): void {
    this.#passRest()
    this.inner.depart()
  }

  override destroy(): void {
    this.#passRest()
    this.inner.destroy()
  }

  override reset(): void {
    this.#passRest()
    this.inner.reset()
  }

  /** What there is of a packet whose end will not come is part of what is told of the end. */
  #passRest(): void {
    const rest = this.#gathered?.bytes ?? this.#header
    this.#gathered = undefined
    this.#header = nothing
    if (rest.length > 0) this.#receive(rest)
  }

  #take(chunk: Buffer): void {
    const behind = this.#gathered === undefined ? chunk : this.#gather(this.#gathered, chunk)
    if (behind.length === 0) return
    const bytes = this.#header.length === 0 ? behind : Buffer.concat([this.#header, behind])
    this.#header = nothing
    const passing = this.#passing(bytes)
    if (passing > 0) this.#receive(bytes.subarray(0, passing))
    const kept = bytes.subarray(passing)
    if (this.#bytesLeft === 0) this.#header = Buffer.from(kept)
    else if (kept.length > 0) this.#begin(kept)
  }

  /** How many bytes pass now: all but a header that is not whole, or a large packet that has begun. */
  #passing(bytes: Buffer): number {
    let at = Math.min(this.#bytesLeft, bytes.length)
    this.#bytesLeft -= at
    while (at < bytes.length) {
      if (!mayBeginPacket(bytes[at]!, this.#version)) return bytes.length // there is no length to wait for
      const size = packetSizeAt(bytes, at)
      if (size === undefined) return at
      const missing = Math.max(0, at + size - bytes.length)
      const isGathered = missing > 0 && this.#isGathered(bytes[at]!, size)
      this.#bytesLeft = isGathered ? size : missing
      if (isGathered) return at
      at = Math.min(bytes.length, at + size)
    }
    return at
  }

  #isGathered(firstByte: number, size: number): boolean {
    const isLarge = size > largePacketBytes && size <= this.#maximumPacketSize && size !== Number.POSITIVE_INFINITY
    return isLarge && firstByte >> 4 === publishType
  }

  #begin(bytes: Buffer): void {
    this.#gathered = new GrowingBytes(this.#bytesLeft)
    this.#gather(this.#gathered, bytes)
  }

  /** Adds what the chunk has of the packet, and passes it on when it is whole. Gives what lies behind it. */
  #gather(packet: GrowingBytes, chunk: Buffer): Buffer {
    const count = Math.min(chunk.length, this.#bytesLeft)
    packet.append(chunk, 0, count)
    this.#bytesLeft -= count
    this.#unheardBytes += count
    if (this.#bytesLeft === 0) this.#gathered = undefined
    if (this.#bytesLeft === 0 || this.#unheardBytes >= livePartBytes) {
      this.#unheardBytes = 0
      this.#receive(this.#bytesLeft === 0 ? packet.bytes : nothing)
    }
    return chunk.subarray(count)
  }
}
