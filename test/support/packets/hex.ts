/** Bytes from hex as a person writes it: white space is for the eye. */
export function fromHex(hex: string): Buffer {
  const digits = hex.replace(/\s+/g, '')
  const bytes = Buffer.from(digits, 'hex')
  if (bytes.length * 2 !== digits.length) throw new Error(`not hex: ${hex}`)
  return bytes
}
