import { usageError } from '../../usage-error.ts'

/** What people put between the words of hex: white space, colons, commas, hyphens, and bars between single bytes. */
const betweenWords = /[\s:,;-]+/
const barred = /^\s*[0-9a-f]{2}(?:\s*\|\s*[0-9a-f]{2})+\s*$/i
const escaped = /^["']?((?:\\x[0-9a-f]{2}\s*)+)["']?$/i
const hexWord = /^(?:0x)?[0-9a-f]+$/i

/** The digits of text that is hex; undefined where it is not. A byte has two, but for one that 0x stands before. */
export function hexDigitsIn(text: string, from: string): string | undefined {
  if (barred.test(text)) return text.replace(/[\s|]/g, '')
  const escapes = escaped.exec(text.trim())
  if (escapes !== null) return (escapes[1] ?? '').replace(/\\x|\s/gi, '')
  if (/^\s*\*\s*$/m.test(text)) throw squeezed(from)
  const words = text.split(betweenWords).filter((word) => word !== '')
  if (!words.every((word) => hexWord.test(word))) return undefined
  return words.map((word) => digitsOf(word, words, from)).join('')
}

function digitsOf(word: string, words: readonly string[], from: string): string {
  const digits = word.replace(/^0x/i, '')
  if (digits.length % 2 === 0) return digits
  if (digits !== word && digits.length === 1) return `0${digits}`
  if (words.length > 1 && words.every((each) => /^\d{1,3}$/.test(each))) throw decimal(words, from)
  throw usageError(
    `${from}: ${digits.length} hex digits in ${JSON.stringify(word)}, and a byte has two`,
    'look for a digit that is missing or too many',
  )
}

function squeezed(from: string): Error {
  return usageError(`${from} leaves lines out where there is a *`, 'print all of them: od -v, hexdump -v')
}

function decimal(words: readonly string[], from: string): Error {
  const shown = words.slice(0, 4).join(' ')
  return usageError(
    `${from} looks like decimal numbers, and hex is wanted`,
    `in a list they are read as decimal: [${words.slice(0, 4).join(', ')}, …]`,
    `printf '%02x ' ${shown} … makes hex of them`,
  )
}
