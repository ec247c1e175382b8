/** What stands for the placeholders of a pattern in one client, or in one message of it. */
export interface PlaceholderValues {
  readonly index: number
  readonly clientId?: string
  readonly username?: string
  /** Where there is one: in topics. Elsewhere `%s` is text. */
  readonly sequence?: number | string
  readonly random?: string
  /** A number below `count`; the same for the same place. Where there is none it is 0. */
  readonly draw?: (place: number, count: number) => number
}

const placeholder = /%(?:i\((\d+)\.\.(\d+)\)|rand\((\d+)\)|([icusr%]))/g

/**
 * `%i` index, `%i(0..9)` the index in a pool of so many, `%rand(10)` one of so many by chance, `%c` client id, `%u` user name,
 * `%s` sequence, `%r` the run, `%%` a percent sign.
 */
export function expandPlaceholders(pattern: string, values: PlaceholderValues): string {
  if (!pattern.includes('%')) return pattern
  return pattern.replace(placeholder, (written, first, last, count, letter, at: number) => {
    if (first !== undefined) return String(Number(first) + (values.index % (Number(last) - Number(first) + 1)))
    if (count !== undefined) return String(values.draw?.(at, Number(count)) ?? 0)
    if (letter === '%') return '%'
    if (letter === 'i') return String(values.index)
    if (letter === 's') return String(values.sequence ?? written)
    return (letter === 'c' ? values.clientId : letter === 'u' ? values.username : values.random) ?? ''
  })
}

/** What a pattern can hold: the letter of a place, and these two. */
export const poolPlace = '.'
export const chancePlace = '?'
const everyPlace = `icusr${poolPlace}${chancePlace}`

/** `kinds`: letters, and the two above. */
export function hasPlaceholder(pattern: string, kinds: string): boolean {
  return [...pattern.matchAll(placeholder)].some(([, first, , count, letter = '']) =>
    kinds.includes(first !== undefined ? poolPlace : count !== undefined ? chancePlace : letter),
  )
}

/** The filter that every topic of the pattern matches: each level with a placeholder in it becomes `+`. */
export function filterOfAll(pattern: string): string {
  return pattern
    .split('/')
    .map((level) => (hasPlaceholder(level, everyPlace) ? '+' : expandPlaceholders(level, { index: 0 })))
    .join('/')
}
