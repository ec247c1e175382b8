/** A number from 0 up to, not including, 1. */
export type Random = () => number

/** Mulberry32: the same seed gives the same numbers everywhere. For faults, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed of its own for each of several things that chance decides: what happens to one moves no other. */
export function derivedSeed(seed: number, ...parts: readonly number[]): number {
  return parts.reduce((mixed, part) => (Math.imul(mixed ^ (part + 1), 0x9e3779b1) ^ (mixed >>> 15)) >>> 0, seed >>> 0)
}
