import { type StrftimeLetter, strftimeLetters } from './format/strftime.ts'

/** How wide and how a field is printed: `%[-][0][width][.precision][separator]letter`. */
export interface FieldLayout {
  readonly leftAlign: boolean
  readonly zeroPad: boolean
  /** Bytes at least; 0 when none was given. */
  readonly width: number
  /** Bytes at most for strings, decimals for floats, hexadecimal digits between separators for `%x`. */
  readonly precision: number | undefined
  /** Between groups of hexadecimal digits. */
  readonly separator: string | undefined
}

export type FormatPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: FieldLetter; readonly layout: FieldLayout }
  | { readonly kind: 'time'; readonly letter: StrftimeLetter | 'N' }

/** A format of `sub -F`, read once. */
export type MessageFormat = readonly FormatPart[]

type ParsedMessageFormat = { readonly format: MessageFormat } | { readonly problem: string }

const fieldLetters = [
  ...(['A', 'C', 'D', 'E', 'F', 'I', 'j', 'J', 'l', 'm', 'p'] as const),
  ...(['P', 'q', 'r', 'R', 'S', 't', 'U', 'x', 'X', 'f', 'd'] as const),
]
export type FieldLetter = (typeof fieldLetters)[number]

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '0': '\0',
  a: '\x07',
  e: '\x1b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** ASCII punctuation but `%`, and the space, as mosquitto_sub 2.1 takes them. `-` and `.` only where no flag or precision is read. */
const fieldPattern = /(?<left>-?)(?<zero>0?)(?<width>\d*)(?:\.(?<precision>\d*))?(?<separator>[ !-$&-/:-@[-`{-~]?)/y

/** A width is reserved in memory for each message; no line is that long. */
const widestField = 65_535

/** Reads a format of `-F`. A letter that is unknown, or missing at the end, is a problem in words for a usage error. */
export function parseMessageFormat(format: string): ParsedMessageFormat {
  const parts: FormatPart[] = []
  const introducers = /[%@\\]/g
  let at = 0
  for (let found = introducers.exec(format); found !== null; found = introducers.exec(format)) {
    if (found.index > at) parts.push({ kind: 'text', text: format.slice(at, found.index) })
    const step = parseSpecifier(format, found.index)
    if ('problem' in step) return step
    parts.push(step.part)
    at = step.end
    introducers.lastIndex = at
  }
  if (at < format.length) parts.push({ kind: 'text', text: format.slice(at) })
  return { format: parts }
}

type Step = { readonly part: FormatPart; readonly end: number } | { readonly problem: string }

function parseSpecifier(format: string, start: number): Step {
  if (format[start] === '%') return parseField(format, start)
  const letter = letterAt(format, start + 1)
  if (letter === '') return unfinished(format, start)
  const end = start + 1 + letter.length
  return format[start] === '@' ? parseTime(format, letter, end) : parseEscape(format, letter, end)
}

function parseField(format: string, start: number): Step {
  fieldPattern.lastIndex = start + 1
  const { left, zero, width, precision, separator } = fieldPattern.exec(format)!.groups!
  const letter = letterAt(format, fieldPattern.lastIndex)
  if (letter === '') return unfinished(format, start)
  const end = fieldPattern.lastIndex + letter.length
  if (letter === '%') return { part: { kind: 'text', text: '%' }, end }
  if (!isFieldLetter(letter)) return unknown(format, '%', letter, end)
  if (Number(width) > widestField || Number(precision ?? 0) > widestField) {
    return { problem: `a width or precision above ${widestField} before '${letter}' (${place(format, end)})` }
  }
  const layout = {
    leftAlign: left === '-',
    zeroPad: zero === '0',
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    separator: separator === '' ? undefined : separator,
  }
  return { part: { kind: 'field', letter, layout }, end }
}

function parseTime(format: string, letter: string, end: number): Step {
  if (letter === '@') return { part: { kind: 'text', text: '@' }, end }
  if (letter === 'N' || isStrftimeLetter(letter)) return { part: { kind: 'time', letter }, end }
  return unknown(format, '@', letter, end)
}

function parseEscape(format: string, letter: string, end: number): Step {
  const text = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined
  return text === undefined ? unknown(format, '\\', letter, end) : { part: { kind: 'text', text }, end }
}

/** The character there, whole even outside the basic plane; empty at the end. */
function letterAt(format: string, index: number): string {
  const codePoint = format.codePointAt(index)
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint)
}

function isFieldLetter(letter: string): letter is FieldLetter {
  return (fieldLetters as readonly string[]).includes(letter)
}

function isStrftimeLetter(letter: string): letter is StrftimeLetter {
  return (strftimeLetters as readonly string[]).includes(letter)
}

function unfinished(format: string, start: number): { problem: string } {
  return { problem: `'${format.slice(start)}' has no letter (${place(format, start + 1)})` }
}

function unknown(format: string, introducer: string, letter: string, end: number): { problem: string } {
  return { problem: `unknown letter '${letter}' after '${introducer}' (${place(format, end)})` }
}

function place(format: string, end: number): string {
  return `character ${[...format.slice(0, end)].length} of ${[...format].length}`
}
