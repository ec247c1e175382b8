const zero = 0x30
const minus = 0x2d
const point = 0x2e
const two31 = 2 ** 31

/** Writes a whole number as decimal digits, `decimals` of them behind a point, and returns where it ends. No string is made. */
export function writeDecimal(out: Buffer, at: number, value: number, decimals = 0): number {
  let start = at
  let rest = value
  if (value < 0) {
    out[start++] = minus
    rest = -value
  }
  const end = start + digitsOf(rest, decimals) + (decimals > 0 ? 1 : 0)
  for (let position = end - 1; position >= start; position--) {
    if (decimals > 0 && position === end - 1 - decimals) {
      out[position] = point
      continue
    }
    const shorter = rest < two31 ? (rest / 10) | 0 : Math.floor(rest / 10)
    out[position] = zero + (rest - shorter * 10)
    rest = shorter
  }
  return end
}

/** At least one before the point. */
function digitsOf(value: number, decimals: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return Math.max(digits, decimals + 1)
}
