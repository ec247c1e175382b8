/**
 * A number as mosquitto_sub's JSON library prints it: 15 significant digits, or 17 when 15 read back as another
 * number (a difference in the last bit is let pass), in the style of C's `%g`.
 */
export function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  const short = generalNotation(value, 15)
  const difference = Math.abs(Number(short) - value)
  const tolerance = Math.max(Math.abs(Number(short)), Math.abs(value)) * Number.EPSILON
  return difference <= tolerance ? short : generalNotation(value, 17)
}

/** `%g`: no zeros at the end, an exponent of two digits at least when it is below -4 or has reached the precision. */
function generalNotation(value: number, significantDigits: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const [mantissa, power] = Math.abs(value)
    .toExponential(significantDigits - 1)
    .split('e') as [string, string]
  const exponent = Number(power)
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0'
  if (exponent < -4 || exponent >= significantDigits) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}
