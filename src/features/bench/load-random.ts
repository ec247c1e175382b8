import { derivedSeed, seededRandom } from '../../seeded-random.ts'
import type { BenchSettings } from './settings.ts'

/** What chance decides of a load: each has its own, so that one more draw of one moves no other. */
const purposes = { arrivals: 1, sizes: 2, numbers: 3 }

/** Numbers from 0 to 1, below 1, for one purpose of one publisher: with a seed the same in each run. */
export function loadRandom(
  { seed }: Pick<BenchSettings, 'seed'>,
  purpose: keyof typeof purposes,
  publisher = 0,
): () => number {
  return seed === undefined ? Math.random : seededRandom(derivedSeed(seed, purposes[purpose], publisher))
}
