import type { CaptureProblem } from './capture-frame.ts'

/** A record longer than this is no record: a frame on the wire is far shorter, and memory must not be lent on its word. */
export const longestRecordBytes = 16 * 1024 * 1024

/**
 * Takes one record that begins at `start` of `bytes[start, end)`. Gives where it ends; `wait` when it is not all there;
 * or what is wrong with it.
 */
export type TakeRecord = (bytes: Buffer, start: number, end: number) => number | 'wait' | string

/** Cuts a stream of bytes into records, whatever pieces it comes in. A record that lies whole in its piece is not copied. */
export class RecordReader {
  readonly #take: TakeRecord
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes of the file before `#rest`. */
  #offset = 0
  #problem: CaptureProblem | undefined

  constructor(take: TakeRecord) {
    this.#take = take
  }

  get problem(): CaptureProblem | undefined {
    return this.#problem
  }

  push(bytes: Buffer): void {
    if (this.#problem !== undefined) return
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const taken = this.#takeAll(all)
    this.#rest = Buffer.from(all.subarray(taken))
    this.#offset += taken
  }

  /** Nothing more comes: what is there of a record is said. */
  end(): CaptureProblem | undefined {
    if (this.#problem === undefined && this.#rest.length > 0) {
      this.#problem = {
        offset: this.#offset,
        message: `the file ends inside a record, ${this.#rest.length} bytes of it`,
      }
    }
    return this.#problem
  }

  #takeAll(bytes: Buffer): number {
    let start = 0
    while (start < bytes.length) {
      const next = this.#take(bytes, start, bytes.length)
      if (next === 'wait') return start
      if (typeof next === 'string') {
        this.#problem = { offset: this.#offset + start, message: next }
        return bytes.length
      }
      start = next
    }
    return start
  }
}
