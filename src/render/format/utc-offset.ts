/** Of local time at that moment: `+hhmm`, positive east of Greenwich. */
export function offsetFromUtc(moment: Date): string {
  const minutesEast = -moment.getTimezoneOffset()
  const sign = minutesEast < 0 ? '-' : '+'
  const hours = Math.floor(Math.abs(minutesEast) / 60)
  const minutes = Math.abs(minutesEast) % 60
  return `${sign}${String(hours).padStart(2, '0')}${String(minutes).padStart(2, '0')}`
}
