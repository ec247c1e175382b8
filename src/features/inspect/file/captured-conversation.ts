import type { Layer, Side } from '../../../capture/layers/layer.ts'
import type { ConnectionWatch } from '../../../observation/connection-watch.ts'
import { findBoundary } from '../../../observation/packet-boundary.ts'
import { largestReusedBytes } from '../../../protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Sender } from '../../../protocol/wire/packet.ts'

/** Newest first: the first under which everything is well-formed. */
export const anyVersion: readonly ProtocolVersion[] = [5, 4, 3]
const connectCode = 1

export interface MissingPart {
  readonly sender: Sender
  readonly skippedBytes: number
  /** Microseconds since 1970. */
  readonly at: number
}

interface Direction {
  isLost: boolean
  skippedBytes: number
  bytes: number
}

/** The MQTT of one captured connection. After a gap, and where the beginning is missing, it goes on where a packet begins. */
export class CapturedConversation implements Layer {
  readonly #client: Side
  readonly #watch: ConnectionWatch
  readonly #startedAt: number
  readonly #missing: (part: MissingPart) => void
  readonly #directions: Record<Sender, Direction>

  /** Times are told since `startedAt`. */
  constructor(
    client: Side,
    hasBeginning: boolean,
    watch: ConnectionWatch,
    startedAt: number,
    missing: (part: MissingPart) => void,
  ) {
    this.#client = client
    this.#watch = watch
    this.#startedAt = startedAt
    this.#missing = missing
    const direction = (): Direction => ({ isLost: !hasBeginning, skippedBytes: 0, bytes: 0 })
    this.#directions = { client: direction(), server: direction() }
  }

  bytesOf(sender: Sender): number {
    return this.#directions[sender].bytes
  }

  bytes(from: Side, bytes: Buffer, at: number): void {
    const sender = this.#senderOf(from)
    const direction = this.#directions[sender]
    direction.bytes += bytes.length
    const readable = direction.isLost ? this.#fromBoundary(sender, direction, bytes, at) : bytes
    if (readable === undefined) return
    const kept = readable.length > largestReusedBytes ? Buffer.from(readable) : readable
    this.#watch.push(sender, kept, at - this.#startedAt)
    if (this.#watch.isLost(sender)) direction.isLost = true
  }

  gap(from: Side): void {
    this.#directions[this.#senderOf(from)].isLost = true
  }

  finished(from: Side, at: number): void {
    this.#watch.finished(this.#senderOf(from), at - this.#startedAt)
  }

  #senderOf(from: Side): Sender {
    return from === this.#client ? 'client' : 'server'
  }

  /** Nothing but what is whole, from where a packet begins; undefined where none does. */
  #fromBoundary(sender: Sender, direction: Direction, bytes: Buffer, at: number): Buffer | undefined {
    const known = this.#watch.version
    const found = findBoundary(bytes, sender, known === undefined ? anyVersion : [known])
    if (found === undefined) {
      direction.skippedBytes += bytes.length
      return undefined
    }
    const skippedBytes = direction.skippedBytes + found.offset
    direction.isLost = false
    direction.skippedBytes = 0
    const isConnect = bytes[found.offset]! >> 4 === connectCode
    if (known !== undefined) this.#watch.missed(sender)
    else if (!isConnect) this.#watch.join(found.version)
    if (known !== undefined || skippedBytes > 0) this.#missing({ sender, skippedBytes, at })
    return bytes.subarray(found.offset)
  }
}
