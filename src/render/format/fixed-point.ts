/**
 * A number with so many decimals, as C's printf `%.*f`: exact to the last digit, halves to even. Number.toFixed does
 * not do: it rounds halves up and turns to exponents at 1e21.
 */
export function fixedPoint(value: number, decimals: number): string {
  if (Number.isNaN(value)) return isNegative(value) ? '-nan' : 'nan'
  const sign = isNegative(value) ? '-' : ''
  if (!Number.isFinite(value)) return `${sign}inf`
  const scaled = scaledToInteger(Math.abs(value), decimals)
    .toString()
    .padStart(decimals + 1, '0')
  const whole = scaled.slice(0, scaled.length - decimals)
  return decimals === 0 ? sign + whole : `${sign}${whole}.${scaled.slice(-decimals)}`
}

/** The sign bit, which -0 and NaN have too. */
function isNegative(value: number): boolean {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getUint8(0) >= 0x80
}

/** value × 10^decimals, rounded. A double is a whole number of 53 bits times a power of two. */
function scaledToInteger(value: number, decimals: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number(bits >> 52n)
  const fraction = bits & 0xf_ffff_ffff_ffffn
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  const exponent = Math.max(biased, 1) - 1075
  const product = mantissa * 10n ** BigInt(decimals)
  if (exponent >= 0) return product << BigInt(exponent)
  return shiftedHalfToEven(product, BigInt(-exponent))
}

function shiftedHalfToEven(value: bigint, bits: bigint): bigint {
  const quotient = value >> bits
  const remainder = value - (quotient << bits)
  const half = 1n << (bits - 1n)
  const roundUp = remainder > half || (remainder === half && (quotient & 1n) === 1n)
  return roundUp ? quotient + 1n : quotient
}
