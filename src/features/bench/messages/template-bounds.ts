import { expandPlaceholders, type PlaceholderValues } from '../naming/expand-placeholders.ts'
import type { RandomNumber, TemplatePiece } from '../settings.ts'
import { writeDecimal } from './decimal.ts'

/** Bytes. */
type Bounds = readonly [smallest: number, largest: number]

/** Until the year 2286, and as ISO 8601 writes them. */
const millisecondsBytes = 13
const dateBytes = 24
/** Sign, point and digits. */
const largestNumberBytes = 32

/** The smallest and the largest payload, that a publisher makes of a template. */
export function templateBounds(
  pieces: readonly TemplatePiece[],
  publisher: PlaceholderValues,
  highestSequence: number,
): Bounds {
  const bounds = pieces.map((piece) => pieceBounds(piece, publisher, highestSequence))
  return [bounds.reduce((sum, [least]) => sum + least, 0), bounds.reduce((sum, [, most]) => sum + most, 0)]
}

function pieceBounds(piece: TemplatePiece, publisher: PlaceholderValues, highestSequence: number): Bounds {
  switch (piece.placeholder) {
    case 'client': {
      const bytes = Buffer.byteLength(expandPlaceholders(piece.pattern, publisher))
      return [bytes, bytes]
    }
    case 'sequence':
      return [1, String(highestSequence).length]
    case 'milliseconds':
      return [millisecondsBytes, millisecondsBytes]
    case 'date':
      return [dateBytes, dateBytes]
    case 'number':
      return numberBounds(piece)
  }
}

export function numberBounds({ minimum, maximum, decimals }: RandomNumber): Bounds {
  const scratch = Buffer.alloc(largestNumberBytes)
  const nearest = Math.max(minimum, Math.min(0, maximum)) // to zero: the fewest digits
  const bytes = [minimum, maximum, nearest].map((each) => writeDecimal(scratch, 0, each, decimals))
  return [Math.min(...bytes), Math.max(...bytes)]
}
