import { offsetFromUtc } from './utc-offset.ts'
import { zoneAbbreviation } from './zone-abbreviation.ts'

/** What strftime of the C locale knows, as glibc has it. */
export type StrftimeLetter =
  | ('%' | 'a' | 'A' | 'b' | 'B' | 'c' | 'C' | 'd' | 'D' | 'e' | 'F' | 'g' | 'G' | 'h' | 'H' | 'I' | 'j' | 'k' | 'l')
  | ('m' | 'M' | 'n' | 'p' | 'P' | 'r' | 'R' | 's' | 'S' | 't' | 'T' | 'u' | 'U' | 'V' | 'w' | 'W' | 'x' | 'X')
  | ('y' | 'Y' | 'z' | 'Z')

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const months = [
  ...(['January', 'February', 'March', 'April', 'May', 'June'] as const),
  ...(['July', 'August', 'September', 'October', 'November', 'December'] as const),
]

/** One strftime conversion of a moment in local time, in the C locale whatever the user's is: as mosquitto_sub prints. */
export function strftime(letter: StrftimeLetter, moment: Date): string {
  return conversions[letter](moment)
}

const conversions: Readonly<Record<StrftimeLetter, (moment: Date) => string>> = {
  '%': () => '%',
  a: (m) => weekdays[m.getDay()]!.slice(0, 3),
  A: (m) => weekdays[m.getDay()]!,
  b: (m) => months[m.getMonth()]!.slice(0, 3),
  B: (m) => months[m.getMonth()]!,
  c: (m) => composed('a b e T Y', m, ' '),
  C: (m) => twoDigits(Math.floor(m.getFullYear() / 100)),
  d: (m) => twoDigits(m.getDate()),
  D: (m) => composed('m d y', m, '/'),
  e: (m) => spacePadded(m.getDate()),
  F: (m) => composed('Y m d', m, '-'),
  g: (m) => twoDigits(isoWeek(m).year % 100),
  G: (m) => String(isoWeek(m).year),
  h: (m) => strftime('b', m),
  H: (m) => twoDigits(m.getHours()),
  I: (m) => twoDigits(hourOfTwelve(m)),
  j: (m) => String(dayOfYear(m) + 1).padStart(3, '0'),
  k: (m) => spacePadded(m.getHours()),
  l: (m) => spacePadded(hourOfTwelve(m)),
  m: (m) => twoDigits(m.getMonth() + 1),
  M: (m) => twoDigits(m.getMinutes()),
  n: () => '\n',
  p: (m) => (m.getHours() < 12 ? 'AM' : 'PM'),
  P: (m) => (m.getHours() < 12 ? 'am' : 'pm'),
  r: (m) => `${composed('I M S', m, ':')} ${strftime('p', m)}`,
  R: (m) => composed('H M', m, ':'),
  s: (m) => String(Math.floor(m.getTime() / 1000)),
  S: (m) => twoDigits(m.getSeconds()),
  t: () => '\t',
  T: (m) => composed('H M S', m, ':'),
  u: (m) => String(m.getDay() === 0 ? 7 : m.getDay()),
  U: (m) => twoDigits(weekOfYear(m, m.getDay())),
  V: (m) => twoDigits(isoWeek(m).week),
  w: (m) => String(m.getDay()),
  W: (m) => twoDigits(weekOfYear(m, daysSinceMonday(m))),
  x: (m) => strftime('D', m),
  X: (m) => strftime('T', m),
  y: (m) => twoDigits(m.getFullYear() % 100),
  Y: (m) => String(m.getFullYear()),
  z: offsetFromUtc,
  Z: zoneAbbreviation,
}

export const strftimeLetters = Object.keys(conversions) as readonly StrftimeLetter[]

function composed(letters: string, moment: Date, separator: string): string {
  return letters
    .split(' ')
    .map((letter) => strftime(letter as StrftimeLetter, moment))
    .join(separator)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

function spacePadded(value: number): string {
  return String(value).padStart(2, ' ')
}

function hourOfTwelve(moment: Date): number {
  return moment.getHours() % 12 || 12
}

function daysSinceMonday(moment: Date): number {
  return (moment.getDay() + 6) % 7
}

/** 0 on 1 January. Counted between midnights of UTC, which has no day of 23 or 25 hours. */
function dayOfYear(moment: Date): number {
  const midnight = Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate())
  return Math.round((midnight - Date.UTC(moment.getFullYear(), 0, 1)) / 86_400_000)
}

/** Weeks that have begun in this year; the days before the first one are week 0. */
function weekOfYear(moment: Date, daysIntoWeek: number): number {
  return Math.floor((dayOfYear(moment) + 7 - daysIntoWeek) / 7)
}

/** ISO 8601: a week belongs to the year that holds its Thursday. */
function isoWeek(moment: Date): { year: number; week: number } {
  const daysToThursday = 3 - daysSinceMonday(moment)
  const thursday = new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() + daysToThursday)
  return { year: thursday.getFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 }
}
