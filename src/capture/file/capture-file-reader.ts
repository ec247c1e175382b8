import type { CaptureProblem, FrameSink } from './capture-frame.ts'
import { isPcap, pcapRecords } from './pcap-records.ts'
import { isPcapng, pcapngRecords } from './pcapng-records.ts'
import { RecordReader } from './record-reader.ts'

const magicBytes = 4

/** Reads a capture file of either kind as it comes, piece by piece: memory does not grow with it. */
export class CaptureFileReader {
  readonly #sink: FrameSink
  #reader: RecordReader | undefined
  #beginning: Buffer = Buffer.alloc(0)
  #problem: CaptureProblem | undefined

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Once it is set, nothing more is read. */
  get problem(): CaptureProblem | undefined {
    return this.#problem ?? this.#reader?.problem
  }

  push(bytes: Buffer): void {
    if (this.#problem !== undefined) return
    if (this.#reader !== undefined) this.#reader.push(bytes)
    else this.#begin(Buffer.concat([this.#beginning, bytes]))
  }

  end(): CaptureProblem | undefined {
    if (this.#reader !== undefined) return this.#reader.end()
    this.#problem ??= { offset: 0, message: this.#beginning.length === 0 ? 'the file is empty' : notACapture }
    return this.#problem
  }

  #begin(bytes: Buffer): void {
    this.#beginning = bytes
    if (bytes.length < magicBytes) return
    const records = isPcapng(bytes) ? pcapngRecords(this.#sink) : isPcap(bytes) ? pcapRecords(this.#sink) : undefined
    if (records === undefined) {
      this.#problem = { offset: 0, message: notACapture }
      return
    }
    this.#reader = new RecordReader(records)
    this.#beginning = Buffer.alloc(0)
    this.#reader.push(bytes)
  }
}

const notACapture = 'this is neither pcap nor pcapng'
