/** What stands for the placeholders of a pattern in one client, or in one message of it. */
export interface PlaceholderValues {
  readonly index: number
  readonly clientId?: string
  readonly username?: string
  /** Where there is one: in topics. Elsewhere `%s` is text. */
  readonly sequence?: number | string
  readonly random?: string
}

const placeholder = /%([icusr%])/g

/** `%i` index, `%c` client id, `%u` user name, `%s` sequence, `%r` random text, `%%` a percent sign. */
export function expandPlaceholders(pattern: string, values: PlaceholderValues): string {
  if (!pattern.includes('%')) return pattern
  return pattern.replace(placeholder, (written: string, letter: string) => {
    if (letter === '%') return '%'
    if (letter === 'i') return String(values.index)
    if (letter === 's') return String(values.sequence ?? written)
    return (letter === 'c' ? values.clientId : letter === 'u' ? values.username : values.random) ?? ''
  })
}

export function hasPlaceholder(pattern: string, letters: string): boolean {
  return [...pattern.matchAll(placeholder)].some(([, letter = '']) => letters.includes(letter))
}

/** The filter that every topic of the pattern matches: each level with a placeholder in it becomes `+`. */
export function filterOfAll(pattern: string): string {
  return pattern
    .split('/')
    .map((level) => (hasPlaceholder(level, 'icusr') ? '+' : expandPlaceholders(level, { index: 0 })))
    .join('/')
}
