import { usageError } from '../usage-error.ts'

const longestTextBytes = 65_535

/** Text as MQTT carries it in its fields: no NUL, 65,535 bytes at most. [MQTT-1.5.4-2] */
export function validText(text: string, flag: string): string {
  wasUtf8(text, flag)
  if (!text.includes('\0') && Buffer.byteLength(text) <= longestTextBytes) return text
  throw usageError(`${flag} is text that MQTT cannot carry`, 'give at most 65,535 bytes of UTF-8 without NUL')
}

const checkEncoding = 'check the encoding of the terminal or script'

/** Node turns bytes of argv that are not UTF-8 into U+FFFD: sent on, it would look like what the user typed. [MQTT-1.5.4-1] */
export function wasUtf8(text: string, flag: string, ...advice: readonly string[]): string {
  if (!text.includes('\ufffd')) return text
  const [first = checkEncoding, ...others] = advice
  throw usageError(`${flag} is not UTF-8, or holds U+FFFD, which stands for what is not`, first, ...others)
}
