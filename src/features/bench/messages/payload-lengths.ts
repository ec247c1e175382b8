import { loadRandom } from '../load-random.ts'
import { drawnNumber } from '../naming/drawn-number.ts'
import type { BenchSettings, SizeShare } from '../settings.ts'

/** No place of a topic: these draw apart from it. */
const salt = 0x517e

/** How long the payload of each message of a publisher is. */
export function payloadLengths(
  settings: Pick<BenchSettings, 'payloadBytes' | 'payloadMix' | 'seed'>,
  runId: number,
  publisher: number,
): (sequence: number) => number {
  const { payloadBytes, payloadMix, seed = runId } = settings
  if (payloadMix !== undefined) return mixedLengths(payloadMix, seed, publisher)
  const [minimum, maximum] = payloadBytes
  const span = maximum - minimum + 1
  if (span === 1) return () => minimum
  const random = loadRandom(settings, 'sizes', publisher)
  return () => minimum + Math.floor(random() * span)
}

/** Drawn by its number, so that a message that has to wait for the window is not drawn anew. */
function mixedLengths(mix: readonly SizeShare[], seed: number, publisher: number): (sequence: number) => number {
  const all = mix.reduce((sum, { share }) => sum + share, 0)
  return (sequence) => {
    let left = drawnNumber({ seed, publisher, sequence }, salt, all)
    for (const { bytes, share } of mix) {
      if (left < share) return bytes
      left -= share
    }
    return mix[0]!.bytes
  }
}
