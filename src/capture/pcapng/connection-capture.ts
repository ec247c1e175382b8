import type { Sender } from '../../protocol/wire/packet.ts'
import { type ByteRange, type RedactablePacket, redactedRanges } from '../../protocol/wire/redact-bytes.ts'
import type { TcpSynthesizer } from './tcp-synthesizer.ts'

type WriteFrames = (frames: readonly Buffer[], atMicroseconds: number) => void

const star = 0x2a

/** One client's connection on its way into a capture file. */
export class ConnectionCapture {
  readonly #tcp: TcpSynthesizer
  readonly #write: WriteFrames
  readonly #showSecrets: boolean

  constructor(tcp: TcpSynthesizer, write: WriteFrames, showSecrets: boolean) {
    this.#tcp = tcp
    this.#write = write
    this.#showSecrets = showSecrets
  }

  opened(atMicroseconds: number): void {
    this.#write(this.#tcp.opened(), atMicroseconds)
  }

  /** `bytes` are the packet as it travelled, which a fault may have changed. */
  packet(packet: RedactablePacket & { readonly sender: Sender }, bytes: Buffer, atMicroseconds: number): void {
    const redacted = this.#showSecrets ? [] : redactedRanges(packet)
    const ranges = redacted.map((range) => behindLength(packet.wire, range))
    this.#write(this.#tcp.sent(packet.sender, starred(bytes, ranges)), atMicroseconds)
  }

  /** What the proxy said to the client in the broker's place. */
  own(bytes: Buffer, atMicroseconds: number): void {
    this.#write(this.#tcp.sent('server', bytes), atMicroseconds)
  }

  /** Bytes that follow something that is no MQTT. Those of a client may hold a password. */
  unreadable(from: Sender, bytes: Buffer, atMicroseconds: number): void {
    const isRedacted = !this.#showSecrets && from === 'client'
    const shown = isRedacted ? Buffer.alloc(bytes.length, star) : bytes
    this.#write(this.#tcp.sent(from, shown), atMicroseconds)
  }

  finished(from: Sender, atMicroseconds: number): void {
    this.#write(this.#tcp.finished(from), atMicroseconds)
  }

  closed(by: Sender | 'proxy', isAbrupt: boolean, atMicroseconds: number): void {
    const from = by === 'client' ? 'client' : 'server'
    const frames = isAbrupt
      ? this.#tcp.reset(from)
      : [...this.#tcp.finished(from), ...this.#tcp.finished(from === 'client' ? 'server' : 'client')]
    this.#write(frames, atMicroseconds)
  }
}

/** The identifier of Authentication Data, a property. */
const authenticationData = 0x16

/** A field that begins with its length keeps it, and a property its identifier: the packet can still be read. */
function behindLength(wire: Buffer, { start, end }: ByteRange): ByteRange {
  const lengthAt = wire[start] === authenticationData ? start + 1 : start
  const dataAt = lengthAt + 2
  const isPrefixed = dataAt <= end && wire.readUInt16BE(lengthAt) === end - dataAt
  return { start: isPrefixed ? dataAt : start, end }
}

function starred(bytes: Buffer, redacted: readonly ByteRange[]): Buffer {
  if (redacted.length === 0) return bytes
  const copy = Buffer.from(bytes)
  for (const { start, end } of redacted) copy.fill(star, start, end)
  return copy
}
