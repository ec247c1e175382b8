import type { Layer, Side } from './layer.ts'

type Piece = (to: Layer) => void

/** What comes before it is known for whom: kept in order, then handed on. */
export class EarlyPieces {
  readonly #pieces: Piece[] = []
  readonly #of: Record<Side, Buffer[]> = { first: [], second: [] }
  #bytes = 0

  /** Bytes that are kept. */
  get size(): number {
    return this.#bytes
  }

  add(from: Side, bytes: Buffer, at: number): void {
    const kept = Buffer.from(bytes)
    this.#bytes += kept.length
    this.#of[from].push(kept)
    this.#pieces.push((to) => to.bytes(from, kept, at))
  }

  gap(from: Side, at: number): void {
    this.#of[from] = []
    this.#pieces.push((to) => to.gap(from, at))
  }

  finished(from: Side, at: number): void {
    this.#pieces.push((to) => to.finished(from, at))
  }

  /** What this side sent, since the last gap. */
  of(side: Side): Buffer {
    const pieces = this.#of[side]
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
  }

  handTo(layer: Layer): void {
    for (const piece of this.#pieces.splice(0)) piece(layer)
    this.#of.first = []
    this.#of.second = []
  }
}
