/** Whether one topic can match both filters. Wildcards at the start match nothing that begins with $ [MQTT-4.7.2-1]. */
export function filtersOverlap(one: string, other: string): boolean {
  const [left, right] = [one.split('/'), other.split('/')]
  if (isWild(left[0]) ? right[0]?.startsWith('$') : isWild(right[0]) && left[0]?.startsWith('$')) return false
  for (let level = 0; ; level++) {
    const [a, b] = [left[level], right[level]]
    if (a === '#' || b === '#' || (a === undefined && b === undefined)) return true
    if (a === undefined || b === undefined) return false
    if (a !== b && a !== '+' && b !== '+') return false
  }
}

function isWild(level: string | undefined): boolean {
  return level === '+' || level === '#'
}
