import type { Chunk } from '../link/outbox.ts'

const dupFlag = 0x08

/**
 * Where each unacknowledged PUBLISH lies, by packet identifier: in the chunk that it left from, which is held for it. A
 * large one is kept as its payload alone.
 */
export class KeptPublishes {
  readonly #chunks: (Chunk | undefined)[] = []
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array

  constructor(highestId: number) {
    this.#starts = new Uint32Array(highestId + 1)
    this.#ends = new Uint32Array(highestId + 1)
  }

  keep(packetId: number, chunk: Chunk, start: number, end: number): void {
    chunk.holders++
    this.#chunks[packetId] = chunk
    this.#starts[packetId] = start
    this.#ends[packetId] = end
  }

  /** Gives the chunk, for whoever counts its holders. */
  forget(packetId: number): Chunk | undefined {
    const chunk = this.#chunks[packetId]
    this.#chunks[packetId] = undefined
    return chunk
  }

  /** Of one that is kept as its payload alone. */
  payloadOf(packetId: number): Buffer | undefined {
    const chunk = this.#chunks[packetId]
    return chunk?.isPayload ? chunk.bytes : undefined
  }

  /** Of one that is kept whole. */
  packetBytesOf(packetId: number): number {
    return (this.#ends[packetId] ?? 0) - (this.#starts[packetId] ?? 0)
  }

  /** A copy of one that is kept whole. DUP marks a second delivery attempt [MQTT-3.3.1-1]; a publish made anew is none. */
  packetOf(packetId: number, isDup: boolean): Buffer | undefined {
    const chunk = this.#chunks[packetId]
    if (chunk === undefined) return undefined
    const packet = Buffer.from(chunk.bytes.subarray(this.#starts[packetId], this.#ends[packetId]))
    packet[0] = (packet[0]! & ~dupFlag) | (isDup ? dupFlag : 0)
    return packet
  }
}
