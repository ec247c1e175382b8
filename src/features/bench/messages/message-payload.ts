import type { Publisher } from '../../../connection/publish/publisher.ts'
import { writeStamp, writeStampHead } from './stamp.ts'
import type { StampProperty } from './stamp-property.ts'

/** What one publisher publishes, one message after the other, each with its stamp. */
export interface MessagePayload {
  /** Says how long the payload is; -1 where the publisher takes no message now. Times in microseconds, as in the stamp. */
  publish(
    publisher: Publisher,
    slot: number,
    sequence: number,
    intendedMicroseconds: number,
    delayMicroseconds: number,
    isOfWarmup: boolean,
  ): number
}

/** A stamp in front, then filling. */
export class StampedPayload implements MessagePayload {
  readonly #bytes: Buffer
  readonly #lengthOf: (sequence: number) => number

  constructor(maximum: number, runId: number, publisher: number, lengthOf: (sequence: number) => number) {
    this.#bytes = Buffer.alloc(maximum, 'x')
    this.#lengthOf = lengthOf
    writeStampHead(this.#bytes, 0, runId, publisher)
  }

  publish(publisher: Publisher, slot: number, sequence: number, intended: number, delay: number, isOfWarmup: boolean) {
    const length = this.#lengthOf(sequence)
    const at = publisher.publishLike(this.#bytes, length, slot)
    if (at < 0) return -1
    writeStamp(publisher.bytes, at, sequence, intended, delay, isOfWarmup)
    return length
  }
}

/** Payloads of the user's own, each in the same bytes: the outbox copies them. */
export interface PayloadSource {
  readonly bytes: Buffer
  /** Makes the next one, and says how long it is. */
  next(sequence: number, intendedMicroseconds: number): number
}

/** What the user wants published; the stamp travels beside it, where the packet has room for it. */
export class OwnPayload implements MessagePayload {
  readonly #source: PayloadSource
  readonly #stamp: StampProperty | undefined

  constructor(source: PayloadSource, stamp: StampProperty | undefined) {
    this.#source = source
    this.#stamp = stamp
  }

  publish(publisher: Publisher, slot: number, sequence: number, intended: number, delay: number, isOfWarmup: boolean) {
    const length = this.#source.next(sequence, intended)
    this.#stamp?.write(publisher, sequence, intended, delay, isOfWarmup)
    return publisher.publish(this.#source.bytes, 0, length, slot) === 'taken' ? length : -1
  }
}

/** The same bytes each time. One file serves all publishers. */
export function fileSource(file: Uint8Array): PayloadSource {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  return { bytes, next: () => bytes.length }
}
