import type { RandomNumber, TemplatePiece } from '../../features/bench/settings.ts'
import { usageError } from '../usage-error.ts'

/** `%n(…)`, or a percent sign and whatever comes after it. */
const placeholder = /%(?:n\(([^)]*)\)|(rand|.?))/gsu
const decimalNumber = /^[-+]?\d{1,15}(?:\.(\d{1,9}))?$/
const perMessage: Readonly<Record<string, TemplatePiece>> = {
  s: { placeholder: 'sequence' },
  t: { placeholder: 'milliseconds' },
  T: { placeholder: 'date' },
}

/** Text with placeholders: those of topics, and %t, %T and %n(minimum,maximum). */
export function payloadTemplate(text: string, flag: string): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = []
  let pattern = ''
  let at = 0
  const add = (piece: TemplatePiece) => {
    if (pattern !== '') pieces.push({ placeholder: 'client', pattern })
    pieces.push(piece)
    pattern = ''
  }
  for (const { 0: written, 1: range, 2: letter = '', index } of text.matchAll(placeholder)) {
    pattern += text.slice(at, index)
    at = index + written.length
    if (range !== undefined) add(randomNumber(range, flag))
    else if ('icur%'.includes(letter) && letter !== '') pattern += written
    else add(Object.hasOwn(perMessage, letter) ? perMessage[letter]! : noPlace(written, flag))
  }
  pattern += text.slice(at)
  return pattern === '' ? pieces : [...pieces, { placeholder: 'client', pattern }]
}

/** As many decimal places as the bounds are written with. */
function randomNumber(range: string, flag: string): RandomNumber {
  const bounds = range.split(',').map((each) => each.trim())
  const decimals = Math.max(...bounds.map((each) => decimalNumber.exec(each)?.[1]?.length ?? 0))
  const [minimum = Number.NaN, maximum = Number.NaN] = bounds.map((each) =>
    decimalNumber.test(each) ? Math.round(Number(each) * 10 ** decimals) : Number.NaN,
  )
  const isUsable = bounds.length === 2 && minimum <= maximum && Number.isSafeInteger(maximum - minimum)
  if (isUsable && Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum)) {
    return { placeholder: 'number', minimum, maximum, decimals }
  }
  throw usageError(`${flag}: %n(${range}) is no range`, 'write it as %n(18,25) or %n(18.0,25.5)')
}

function noPlace(written: string, flag: string): never {
  throw usageError(
    `${flag}: ${JSON.stringify(written)} is no place`,
    'use %i %c %u %s %r, %t or %T for the time, %n(18.0,25.5) for a number at random',
    'write a percent sign as %%',
  )
}
