import { stampBytes, writeStampHead } from './stamp.ts'

/** The payload of one publisher: its stamp in front, then filling. Written anew for each message, copied by the outbox. */
export class StampedPayload {
  readonly bytes: Buffer
  readonly #minimum: number
  readonly #span: number
  readonly #random: () => number

  constructor([minimum, maximum]: readonly [number, number], runId: number, publisher: number, random: () => number) {
    this.bytes = Buffer.alloc(maximum, 'x')
    this.#minimum = minimum
    this.#span = maximum - minimum + 1
    this.#random = random
    writeStampHead(this.bytes, 0, runId, publisher)
  }

  /** How long the next payload is. */
  nextLength(): number {
    return this.#span === 1 ? this.#minimum : this.#minimum + Math.floor(this.#random() * this.#span)
  }
}

/** Why payloads of this size cannot carry the stamp, if they cannot. */
export function sizeProblem(minimumBytes: number): string | undefined {
  if (minimumBytes >= stampBytes) return undefined
  return `the first ${stampBytes} bytes of each payload carry run, publisher, sequence and intended time`
}
