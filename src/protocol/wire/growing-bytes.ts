/** In every Node since 20, and not in the `es2023` that TypeScript is told of. */
interface ResizableBuffer extends ArrayBuffer {
  resize(bytes: number): void
}
const ResizableBuffer = ArrayBuffer as unknown as new (
  bytes: number,
  options: { maxByteLength: number },
) => ResizableBuffer

/** So much memory is taken at a time. */
const stepBytes = 1024 * 1024

/**
 * Bytes gathered piece by piece in one place. Only addresses are set aside for `mostBytes`: memory is taken with what
 * comes, and nothing is copied when it grows, where a buffer that doubles needs up to twice as much for a moment.
 */
export class GrowingBytes {
  readonly #memory: ResizableBuffer
  readonly #mostBytes: number
  #bytes: Buffer
  length = 0

  constructor(mostBytes: number) {
    this.#memory = new ResizableBuffer(0, { maxByteLength: mostBytes })
    this.#mostBytes = mostBytes
    this.#bytes = Buffer.from(this.#memory)
  }

  /** Adds `source[start, end)`, of which there is no more than `mostBytes` in all. */
  append(source: Buffer, start = 0, end = source.length): void {
    const length = this.length + end - start
    if (length > this.#bytes.length) {
      this.#memory.resize(Math.min(this.#mostBytes, Math.ceil(length / stepBytes) * stepBytes))
      this.#bytes = Buffer.from(this.#memory)
    }
    source.copy(this.#bytes, this.length, start, end)
    this.length = length
  }

  /** What has come, in place: it stays as it is when more comes. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }
}
