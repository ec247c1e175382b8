import { usageError } from '../../usage-error.ts'
import { framePayload } from './frame-payload.ts'

/** One line of a dump: where its bytes begin, and its text behind that. */
interface DumpLine {
  readonly offset: string
  /** xxd and tcpdump have a colon there, and print bytes in pairs; the others print each for itself. */
  readonly mayGroup: boolean
  readonly rest: string
}

interface Row {
  readonly offset: number
  readonly bytes: Buffer
}

const dumpLine = /^\s*(?:0x)?([0-9a-f]{4,8})(:?)(?:\s+(\S.*))?$/i
/** What tcpdump prints before the bytes of each packet. */
const packetHeading = /^\s*(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d+ /
const squeezed = /^\s*\*\s*$/
const radixes = [16, 8, 10] as const

/** No control packet begins with a byte of 0, so a first word that does is the place of a line and not its bytes. */
export function isHexDump(text: string): boolean {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !packetHeading.test(line)) ?? ''
  const [, offset = '', colon] = dumpLine.exec(first) ?? []
  return offset.startsWith('00') && (colon === ':' || /\s/.test(first.trim()))
}

/**
 * The bytes of what hexdump -C, xxd, od -tx1, tcpdump -x or Wireshark print. The places of the lines, and the characters
 * beside the bytes, must agree with them: else nothing is read. Of whole frames, as tcpdump has them, the TCP payload.
 */
export function hexDumpBytes(text: string, from: string): Buffer {
  const blocks: (DumpLine | 'squeezed')[][] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || packetHeading.test(line)) continue
    const read = squeezed.test(line) ? 'squeezed' : dumpLineIn(line, from)
    if (read !== 'squeezed' && (blocks.length === 0 || /^0+$/.test(read.offset))) blocks.push([])
    blocks.at(-1)?.push(read)
  }
  return Buffer.concat(blocks.map((lines) => framePayload(blockBytes(lines, from))))
}

function dumpLineIn(line: string, from: string): DumpLine {
  const [, offset, colon, rest = ''] = dumpLine.exec(line) ?? []
  if (offset === undefined) throw unreadable(from, `there is no place at the beginning of ${JSON.stringify(line)}`)
  return { offset, mayGroup: colon === ':', rest }
}

/** Places are hexadecimal, or octal as those of od, or decimal: the one that agrees with the bytes of every line. */
function blockBytes(lines: readonly (DumpLine | 'squeezed')[], from: string): Buffer {
  for (const radix of radixes) {
    const bytes = tryRadix(lines, radix, from)
    if (bytes !== undefined) return bytes
  }
  throw unreadable(from, 'the places of the lines do not agree with their bytes')
}

function tryRadix(lines: readonly (DumpLine | 'squeezed')[], radix: number, from: string): Buffer | undefined {
  const rows: Row[] = []
  const start = placeOf(lines[0], radix)
  for (const [index, line] of lines.entries()) {
    if (line === 'squeezed') continue
    const offset = placeOf(line, radix)
    if (Number.isNaN(offset) || !fillTo(rows, offset, lines[index - 1] === 'squeezed', start)) return undefined
    const next = lines.slice(index + 1).find((each) => each !== 'squeezed')
    const isFollowed = next !== undefined && lines[index + 1] !== 'squeezed'
    const count = isFollowed ? placeOf(next, radix) - offset : undefined
    const bytes = lineBytes(line, count, from)
    if (bytes === undefined) return undefined
    rows.push({ offset, bytes })
  }
  return Buffer.concat(rows.map(({ bytes }) => bytes))
}

/** `*` stands for lines that are like the one before. */
function fillTo(rows: Row[], offset: number, isSqueezed: boolean, start: number): boolean {
  const last = rows.at(-1)
  if (last === undefined) return offset === start
  if (!isSqueezed) return last.offset + last.bytes.length === offset
  for (let at = last.offset + last.bytes.length; at < offset; at += last.bytes.length) {
    rows.push({ offset: at, bytes: last.bytes })
  }
  const end = rows.at(-1)
  return end !== undefined && end.offset + end.bytes.length === offset
}

function placeOf(line: DumpLine | 'squeezed' | undefined, radix: number): number {
  const digits = line === undefined || line === 'squeezed' ? '' : line.offset
  return radix === 8 && /[89a-f]/i.test(digits) ? Number.NaN : Number.parseInt(digits, radix)
}

/** As many leading words as are bytes, when what is behind them is nothing, or those bytes as characters. */
function lineBytes({ rest, mayGroup }: DumpLine, count: number | undefined, from: string): Buffer | undefined {
  if (rest === '') return count === undefined || count === 0 ? Buffer.alloc(0) : undefined
  const words = [...rest.matchAll(/\S+/g)]
  const readings: { bytes: Buffer; hasText: boolean }[] = []
  let digits = ''
  for (const [word] of words.map((match) => [match] as const)) {
    if (!/^(?:[0-9a-f]{2})+$/i.test(word[0])) break
    if (!mayGroup && word[0].length > 2) throw swapped(from)
    digits += word[0]
    const bytes = Buffer.from(digits, 'hex')
    const text = rest.slice(word.index + word[0].length)
    if (text.trim() === '') readings.push({ bytes, hasText: false })
    else if (isTextOf(bytes, text)) readings.push({ bytes, hasText: true })
  }
  const fitting = readings.filter(({ bytes }) => count === undefined || bytes.length === count)
  return (fitting.find(({ hasText }) => hasText) ?? fitting[0])?.bytes
}

/** The characters beside the bytes: a printable one stands for itself, a dot or anything else for another. */
function isTextOf(bytes: Buffer, beside: string): boolean {
  if (!/^\s{2}|^\s*\|/.test(beside)) return false
  const text = beside.trim()
  const expected = graphic(bytes.toString('latin1'))
  const readings = [text, text.replace(/^([|>])(.*)[|<]$/, '$2'), text.replaceAll(' ', '')] // Wireshark has a gap in it
  return readings.some((reading) => isLike(graphic(reading), expected))
}

/** tcpdump prints a dot for a blank too. */
function graphic(text: string): string {
  return text.replace(/[^!-~]/g, '.')
}

/** Blanks at either end may have been lost on the way. */
function isLike(text: string, expected: string): boolean {
  return text.length <= expected.length && withoutEnds(text) === withoutEnds(expected)
}

function withoutEnds(text: string): string {
  return text.replace(/^\.+|\.+$/g, '')
}

function swapped(from: string): Error {
  return usageError(
    `${from} is a dump of words of two bytes or more, whose order depends on the machine`,
    'print single bytes: hexdump -C, xxd, or od -An -tx1',
  )
}

function unreadable(from: string, why: string): Error {
  return usageError(
    `${from} looks like a dump, and cannot be read as one: ${why}`,
    'paste whole lines of hexdump -C, xxd, od -tx1, tcpdump -x or Wireshark',
    'or the bytes alone: xxd -p, od -An -tx1',
  )
}
