import type { Sender } from '../../protocol/wire/packet.ts'
import type { Endpoint } from './endpoint.ts'
import { tcpFlags, tcpFrame } from './tcp-frame.ts'

/** Fits into an IPv4 packet with its headers, whose length is 16 bits. */
const mostPayloadBytes = 65_000
const { fin, syn, rst, psh, ack } = tcpFlags
const nothing = Buffer.alloc(0)

/** A TCP connection told as the frames that a capture of it would hold. */
export class TcpSynthesizer {
  readonly #ends: Readonly<Record<Sender, Endpoint>>
  /** What each side sends next. */
  readonly #sequence: Record<Sender, number> = { client: 0, server: 0 }
  readonly #finished = new Set<Sender>()

  constructor(client: Endpoint, server: Endpoint) {
    this.#ends = { client, server }
  }

  opened(): readonly Buffer[] {
    return [this.#frame('client', syn), this.#frame('server', syn | ack), this.#frame('client', ack)]
  }

  sent(from: Sender, bytes: Buffer): readonly Buffer[] {
    if (this.#finished.has(from)) return []
    const count = Math.ceil(bytes.length / mostPayloadBytes)
    return Array.from({ length: count }, (_, index) =>
      this.#frame(from, psh | ack, bytes.subarray(index * mostPayloadBytes, (index + 1) * mostPayloadBytes)),
    )
  }

  finished(from: Sender): readonly Buffer[] {
    if (this.#finished.has(from)) return []
    const frame = this.#frame(from, fin | ack)
    this.#finished.add(from)
    return [frame, this.#frame(otherSide(from), ack)]
  }

  reset(from: Sender): readonly Buffer[] {
    if (this.#finished.size === 2) return []
    this.#finished.add('client').add('server')
    return [this.#frame(from, rst | ack)]
  }

  #frame(from: Sender, flags: number, payload: Buffer = nothing): Buffer {
    const to = otherSide(from)
    const isFirst = flags === syn
    const frame = tcpFrame({
      from: this.#ends[from],
      to: this.#ends[to],
      sequence: this.#sequence[from],
      acknowledged: isFirst ? 0 : this.#sequence[to],
      flags,
      payload,
    })
    const counted = payload.length + ((flags & (syn | fin)) === 0 ? 0 : 1) // SYN and FIN take a number of their own
    this.#sequence[from] = (this.#sequence[from] + counted) % 2 ** 32
    return frame
  }
}

function otherSide(side: Sender): Sender {
  return side === 'client' ? 'server' : 'client'
}
