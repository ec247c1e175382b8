import { usageError } from '../usage-error.ts'
import { byteSize } from './byte-size.ts'

const largestPayloadBytes = 64 * 1024 * 1024
/** Run, publisher, sequence and times travel in these (docs/bench-method.md). */
const stampBytes = 24

/** `64`, `1KiB`, or a range to choose from at random: `64-1024`. */
export function payloadSize(text: string, flag: string): readonly [minimum: number, maximum: number] {
  const [from = '', to = from] = text.split('-')
  const minimum = byteSize(from, flag, largestPayloadBytes)
  const maximum = byteSize(to, flag, largestPayloadBytes)
  if (minimum < stampBytes) {
    throw usageError(
      `${flag} ${minimum} is too small: the first ${stampBytes} bytes of each payload say which message it is and when it was due`,
      `give at least ${stampBytes} bytes`,
    )
  }
  if (minimum <= maximum) return [minimum, maximum]
  throw usageError(`${flag}: the range ${text} runs backwards`, `write it as ${maximum}-${minimum}`)
}
