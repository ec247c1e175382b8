import { decodeUtf8 } from '../payload/decode-utf8.ts'
import { escapeForTerminal, escapeLinesForTerminal } from './escape.ts'

/** Binary data from outside, safe on one line of a terminal. */
export function escapeBytesForTerminal(bytes: Buffer): string {
  return escapedText(bytes, escapeForTerminal)
}

/** A payload, safe on a terminal. Its line ends and tabs stay: they are what makes many a payload readable. */
export function escapePayloadForTerminal(bytes: Buffer, start: number, end: number): string {
  return escapedText(bytes.subarray(start, end), escapeLinesForTerminal)
}

/**
 * Text has its control characters escaped. What is not UTF-8 is shown as ASCII with `\xNN` for every other byte, never
 * with U+FFFD, which would look like something that was sent.
 */
function escapedText(bytes: Buffer, escapeText: (text: string) => string): string {
  const text = decodeUtf8(bytes)
  return text === undefined ? escapeText(bytes.toString('latin1')).replace(/[\x80-\xff]/g, hexEscape) : escapeText(text)
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
