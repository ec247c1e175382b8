/** Two clocks that agree within this are the same clock, and the finer one may fill in the digits. */
const agreementMs = 2

/**
 * Wall time. `Date` has milliseconds; the monotonic clock adds the microseconds while the two agree. When somebody sets
 * the wall clock they do not, and then the wall clock is right.
 */
export const wallClock = {
  get epochNanoseconds(): bigint {
    const wallMs = Date.now()
    const fineMs = performance.timeOrigin + performance.now()
    const isSame = Math.abs(fineMs - wallMs) <= agreementMs
    return BigInt(Math.round((isSame ? fineMs : wallMs) * 1000)) * 1000n
  },
}
