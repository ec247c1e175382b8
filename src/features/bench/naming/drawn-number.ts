import { derivedSeed } from '../../../seeded-random.ts'

/** What a draw is for: the same message of the same publisher draws the same, run after run. */
export interface Draw {
  readonly seed: number
  readonly publisher: number
  readonly sequence: number
}

/** A number from 0 up to, not including, `count`. Nothing is kept between draws, so that any of them can be made again. */
export function drawnNumber({ seed, publisher, sequence }: Draw, salt: number, count: number): number {
  const high = Math.floor(sequence / 2 ** 32)
  return Math.floor((mixed(derivedSeed(seed, salt, publisher, sequence | 0, high)) / 2 ** 32) * count)
}

/** The last bits of a sum say too little of the first: murmur3's end mixes them. */
function mixed(hash: number): number {
  let bits = hash
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
