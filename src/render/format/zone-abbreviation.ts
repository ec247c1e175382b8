import { offsetFromUtc } from './utc-offset.ts'

/** English of several places: each knows the abbreviations of its own zones, and says `GMT+1` for the others. */
const locales = ['en-US', 'en-GB', 'en-CA', 'en-AU', 'en-IN', 'en-ZA', 'en-ID']

/** Zones whose abbreviation no English locale has; standard time, then summer time where there is one. */
const otherZones: Readonly<Record<string, readonly [standard: string, summer?: string]>> = {
  'America/Havana': ['CST', 'CDT'],
  'Asia/Hong_Kong': ['HKT'],
  'Asia/Jerusalem': ['IST', 'IDT'],
  'Asia/Karachi': ['PKT'],
  'Asia/Manila': ['PST'],
  'Asia/Seoul': ['KST'],
  'Asia/Shanghai': ['CST'],
  'Asia/Taipei': ['CST'],
  'Asia/Tokyo': ['JST'],
  'Europe/Moscow': ['MSK'],
}

/**
 * The name of local time as strftime's `%Z` gives it: `UTC`, `CET`, `EDT`. Where nothing shorter is known it is the
 * offset, `+0545`, which is also what the zone database says for most such zones.
 */
export function zoneAbbreviation(moment: Date): string {
  for (const locale of locales) {
    const name = shortName(locale, moment)
    if (/^[A-Z]+$/.test(name)) return name
  }
  const [standard, summer] = otherZones[new Intl.DateTimeFormat().resolvedOptions().timeZone] ?? []
  const name = isSummerTime(moment) ? summer : standard
  return name ?? offsetFromUtc(moment).replace(/00$/, '')
}

function shortName(locale: string, moment: Date): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(moment)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

function isSummerTime(moment: Date): boolean {
  const january = new Date(moment.getFullYear(), 0, 1).getTimezoneOffset()
  const july = new Date(moment.getFullYear(), 6, 1).getTimezoneOffset()
  return moment.getTimezoneOffset() < Math.max(january, july)
}
