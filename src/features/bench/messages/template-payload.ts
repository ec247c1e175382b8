import { copyBytes } from '../../../protocol/wire/copy-bytes.ts'
import { expandPlaceholders, hasPlaceholder, type PlaceholderValues, poolPlace } from '../naming/expand-placeholders.ts'
import type { RandomNumber, TemplatePiece } from '../settings.ts'
import { writeDecimal } from './decimal.ts'
import type { PayloadSource } from './message-payload.ts'
import { numberBounds } from './template-bounds.ts'

/** Writes one piece of a message, and returns where it ends. */
type WritePiece = (out: Buffer, at: number, sequence: number, intendedMs: number) => number

interface Piece {
  readonly write: WritePiece
  readonly largestBytes: number
}

const clientPlaceholders = `icur${poolPlace}`
const largestIntegerBytes = 16
const longestTimeBytes = 32

/** A template and the payloads that its publishers make of it: all in the same bytes, since each is copied at once. */
export class PayloadTemplate {
  bytes = Buffer.alloc(0)
  readonly #random: () => number
  readonly #pieces: readonly (Piece | string)[]

  constructor(pieces: readonly TemplatePiece[], random: () => number) {
    this.#random = random
    this.#pieces = pieces.map((piece) => this.#shared(piece))
  }

  sourceOf(publisher: PlaceholderValues): PayloadSource {
    const pieces = this.#pieces.map((piece) =>
      typeof piece === 'string' ? textPiece(expandPlaceholders(piece, publisher)) : piece,
    )
    const largestBytes = pieces.reduce((sum, piece) => sum + piece.largestBytes, 0)
    if (largestBytes > this.bytes.length) this.bytes = Buffer.alloc(largestBytes)
    return new TemplatePayload(
      this,
      pieces.map(({ write }) => write),
    )
  }

  /** What is the same for all publishers; a pattern where it is not. */
  #shared(piece: TemplatePiece): Piece | string {
    switch (piece.placeholder) {
      case 'client':
        return hasPlaceholder(piece.pattern, clientPlaceholders)
          ? piece.pattern
          : textPiece(expandPlaceholders(piece.pattern, { index: 0 }))
      case 'sequence':
        return { write: (out, at, sequence) => writeDecimal(out, at, sequence), largestBytes: largestIntegerBytes }
      case 'milliseconds':
        return timePiece(String)
      case 'date':
        return timePiece(dateText)
      case 'number':
        return numberPiece(piece, this.#random)
    }
  }
}

class TemplatePayload implements PayloadSource {
  readonly #template: PayloadTemplate
  readonly #pieces: readonly WritePiece[]

  constructor(template: PayloadTemplate, pieces: readonly WritePiece[]) {
    this.#template = template
    this.#pieces = pieces
  }

  get bytes(): Buffer {
    return this.#template.bytes
  }

  next(sequence: number, intendedMicroseconds: number): number {
    const { bytes } = this.#template
    const intendedMs = Math.floor(intendedMicroseconds / 1000)
    let at = 0
    for (const write of this.#pieces) at = write(bytes, at, sequence, intendedMs)
    return at
  }
}

function dateText(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function textPiece(text: string): Piece {
  const bytes = Buffer.from(text)
  return { write: (out, at) => copyBytes(bytes, 0, bytes.length, out, at), largestBytes: bytes.length }
}

/** Made once for each millisecond, and copied for every message due in it. */
function timePiece(textOf: (intendedMs: number) => string): Piece {
  const text = Buffer.alloc(longestTimeBytes)
  let bytes = 0
  let writtenMs = Number.NaN
  const write: WritePiece = (out, at, _, intendedMs) => {
    if (intendedMs !== writtenMs) bytes = text.write(textOf(intendedMs), 'latin1')
    writtenMs = intendedMs
    return copyBytes(text, 0, bytes, out, at)
  }
  return { write, largestBytes: longestTimeBytes }
}

function numberPiece({ minimum, maximum, decimals }: RandomNumber, random: () => number): Piece {
  const span = maximum - minimum + 1
  return {
    write: (out, at) => writeDecimal(out, at, minimum + Math.floor(random() * span), decimals),
    largestBytes: numberBounds({ placeholder: 'number', minimum, maximum, decimals })[1],
  }
}
