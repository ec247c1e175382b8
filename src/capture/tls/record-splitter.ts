/** One record as it was sent. The bytes hold until the sink returns. */
export interface TlsRecord {
  readonly contentType: number
  readonly header: Buffer
  readonly body: Buffer
}

const headerBytes = 5
/** What TLS 1.2 allows; 1.3 allows less. */
const mostBodyBytes = 16_384 + 2048
const applicationData = 23
const contentTypes: ReadonlySet<number> = new Set([20, 21, 22, 23, 24])

/** Cuts what one side sent into records. */
export class RecordSplitter {
  readonly #sink: (record: TlsRecord) => void
  #rest: Buffer = Buffer.alloc(0)
  /** It is not known where records begin. */
  isLost = false

  constructor(sink: (record: TlsRecord) => void) {
    this.#sink = sink
  }

  push(piece: Buffer): void {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    while (!this.isLost && bytes.length >= headerBytes) {
      const end = endOfRecord(bytes, 0)
      if (end === undefined) this.isLost = true
      else if (end > bytes.length) break
      else {
        this.#sink({
          contentType: bytes[0]!,
          header: bytes.subarray(0, headerBytes),
          body: bytes.subarray(headerBytes, end),
        })
        bytes = bytes.subarray(end)
      }
    }
    this.#rest = this.isLost ? Buffer.alloc(0) : Buffer.from(bytes)
  }

  reset(): void {
    this.#rest = Buffer.alloc(0)
    this.isLost = false
  }
}

function endOfRecord(bytes: Buffer, at: number): number | undefined {
  if (!contentTypes.has(bytes[at]!) || bytes[at + 1] !== 3 || bytes[at + 2]! > 4) return undefined
  const length = bytes.readUInt16BE(at + 3)
  return length > mostBodyBytes ? undefined : at + headerBytes + length
}

/** Where, in a piece from the middle of a stream, records of data seem to begin. Whether they do, their seal shows. */
export function findRecord(bytes: Buffer): number | undefined {
  for (let offset = 0; offset + headerBytes <= bytes.length; offset++) {
    if (bytes[offset] === applicationData && isChain(bytes, offset)) return offset
  }
  return undefined
}

function isChain(bytes: Buffer, start: number): boolean {
  let at = start
  while (at + headerBytes <= bytes.length) {
    const end = endOfRecord(bytes, at)
    if (end === undefined) return false
    at = end
  }
  return true
}
