import { usageError } from '../usage-error.ts'

export type InputForm = 'auto' | 'hex' | 'base64' | 'binary'

export function inputForm(text: string, flag: string): InputForm {
  if (text === 'auto' || text === 'hex' || text === 'base64' || text === 'binary') return text
  throw usageError(`${flag} is no form of input: ${JSON.stringify(text)}`, 'give auto, hex, base64 or binary')
}

/** What people put between the digits of hex: white space, colons, commas, hyphens, and 0x or \x before each byte. */
const betweenDigits = /[\s:,-]|(?<![0-9a-f])0x|\\x/gi
const lineEnds = /[\r\n]/g
const base64Text = /^[A-Za-z0-9+/_-]+={0,2}$/

/** The bytes that a word, a file or standard input means. `from` names it in errors. Text of hex digits alone is hex. */
export function packetBytes(input: Buffer, form: InputForm, from: string): Buffer {
  if (form === 'binary' || (form === 'auto' && !isText(input))) return nonEmpty(input, from)
  const text = input.toString('latin1')
  const digits = text.replace(betweenDigits, '')
  const isHex = /^[0-9a-f]*$/i.test(digits)
  const isBase64 = form === 'base64' || (form === 'auto' && !isHex && hasPadding(text))
  if (isBase64) return nonEmpty(fromBase64(text.replace(lineEnds, ''), from), from)
  if (!isHex) throw notHex(text, from)
  if (digits.length % 2 === 1) {
    throw usageError(
      `${from}: ${digits.length} hex digits, and a byte has two`,
      'look for a digit that is missing or too many',
    )
  }
  return nonEmpty(Buffer.from(digits, 'hex'), from)
}

/** No packet of MQTT is printable ASCII alone: every length and topic brings control characters or high bytes. */
function isText(input: Buffer): boolean {
  return input.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d)
}

/** Four characters for three bytes, to the end, and no blanks: else a slip in hex would pass for base64. */
function hasPadding(text: string): boolean {
  return text.replace(lineEnds, '').length % 4 === 0 && !/[ \t]/.test(text)
}

function fromBase64(text: string, from: string): Buffer {
  if (base64Text.test(text) && text.replace(/=+$/, '').length % 4 !== 1) return Buffer.from(text, 'base64')
  throw notHex(text, from)
}

function notHex(text: string, from: string): Error {
  const place = text.search(/[^0-9a-fx\s:,\\-]/i)
  const shown = JSON.stringify(text[Math.max(0, place)] ?? '')
  return usageError(
    `${from} is neither hex nor base64: ${shown} at character ${place + 1}`,
    "write it like '30 0a 00 03 61 2f 62'",
    'read a binary file with -f',
  )
}

function nonEmpty(bytes: Buffer, from: string): Buffer {
  if (bytes.length > 0) return bytes
  throw usageError(`${from} is empty`, "give bytes: mqtt-cli inspect decode 'c0 00'")
}
