import type { SizeShare } from '../../features/bench/settings.ts'
import { usageError } from '../usage-error.ts'
import { byteSize } from './byte-size.ts'

const largestPayloadBytes = 64 * 1024 * 1024
/** Run, publisher, sequence and times travel in these (docs/bench-method.md). */
const stampBytes = 24

interface PayloadSizes {
  readonly payloadBytes: readonly [minimum: number, maximum: number]
  readonly payloadMix?: readonly SizeShare[]
}

const largestShare = 1_000_000
const mostShares = 100

/** As `payloadSize`, or sizes with what part of the messages has each: `64:90,4096:10`. */
export function payloadSizes(text: string, flag: string): PayloadSizes {
  if (!text.includes(':')) return { payloadBytes: payloadSize(text, flag) }
  const mix = text.split(',').map((part): SizeShare => {
    const [, size = '', share = ''] = /^([^:-]+):(\d+)$/.exec(part.trim()) ?? []
    if (Number(share) < 1 || Number(share) > largestShare) throw noMix(part, flag)
    return { bytes: payloadSize(size, flag)[0], share: Number(share) }
  })
  if (mix.length > mostShares) throw usageError(`${flag} has ${mix.length} sizes`, `give at most ${mostShares}`)
  const sizes = mix.map(({ bytes }) => bytes)
  return { payloadBytes: [Math.min(...sizes), Math.max(...sizes)], payloadMix: mix }
}

function noMix(part: string, flag: string): Error {
  return usageError(`${flag}: ${JSON.stringify(part)} is no size with its share`, 'write it as 64:90,4096:10')
}

/** `64`, `1KiB`, or a range to choose from at random: `64-1024`. */
function payloadSize(text: string, flag: string): readonly [minimum: number, maximum: number] {
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
