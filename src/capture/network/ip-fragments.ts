import type { Fragment, IpPacket } from './ip-packet.ts'

/** Packets of which parts are missing: beyond so many the oldest is given up. */
const mostOpen = 256
/** No IP packet is larger. */
const largestPayloadBytes = 65_535

interface Parts {
  readonly pieces: Map<number, Buffer>
  wholeBytes: number | undefined
}

/** Puts the fragments of IP packets together, in whatever order they come. */
export class IpFragments {
  readonly #open = new Map<string, Parts>()
  /** Packets that never became whole. */
  givenUp = 0

  get unfinished(): number {
    return this.#open.size
  }

  /** The payload of the whole packet once its last fragment has come; undefined before. */
  take(frame: Buffer, packet: IpPacket, fragment: Fragment): Buffer | undefined {
    const addresses = frame.toString('latin1', packet.sourceStart, packet.sourceStart + packet.addressBytes * 2)
    const key = `${addresses}${packet.protocol} ${fragment.identification}`
    const parts = this.#open.get(key) ?? this.#begin(key)
    if (fragment.offset + packet.payloadEnd - packet.payloadStart > largestPayloadBytes) return undefined
    if (fragment.isLast) parts.wholeBytes = fragment.offset + packet.payloadEnd - packet.payloadStart
    if (!parts.pieces.has(fragment.offset)) {
      parts.pieces.set(fragment.offset, Buffer.from(frame.subarray(packet.payloadStart, packet.payloadEnd)))
    }
    const whole = joined(parts)
    if (whole !== undefined) this.#open.delete(key)
    return whole
  }

  #begin(key: string): Parts {
    const parts: Parts = { pieces: new Map(), wholeBytes: undefined }
    const [oldest] = this.#open.keys()
    if (this.#open.size >= mostOpen && oldest !== undefined) {
      this.#open.delete(oldest)
      this.givenUp++
    }
    this.#open.set(key, parts)
    return parts
  }
}

/** Where fragments overlap, the earlier bytes count. */
function joined({ pieces, wholeBytes }: Parts): Buffer | undefined {
  if (wholeBytes === undefined) return undefined
  const whole = Buffer.alloc(wholeBytes)
  let filled = 0
  for (const [offset, piece] of [...pieces].sort(([left], [right]) => left - right)) {
    if (offset > filled) return undefined
    const skipped = filled - offset
    if (piece.length > skipped) filled += piece.copy(whole, filled, skipped)
  }
  return filled >= wholeBytes ? whole : undefined
}
