/**
 * What a terminal would obey, or what would turn the text around it: C0 and C1 controls (ESC and CSI among them), DEL,
 * bidirectional marks, line and paragraph separators; and halves of surrogate pairs, which no output can carry. CI
 * runners obey `##[…`, `##vso[…`, `##teamcity[…` anywhere in a line of a log, so their first # is escaped; `::…` they
 * obey at a line's start only, which a text without line ends never is.
 */
const dangerous = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}|#(?=#\w*\[)/gu
const dangerousExceptLineEnds =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu

const shortForms: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/**
 * Text from outside, safe on one line of a terminal: `\n`, `\x1b`, `\u202e`. A backslash stays as it is, so this is for
 * reading and not for turning back; `--json` is exact.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(dangerous, escaped)
}

/** As `escapeForTerminal`, for text that may have several lines: line feeds and tabs stay. */
export function escapeLinesForTerminal(text: string): string {
  return text.replace(dangerousExceptLineEnds, escaped)
}

function escaped(character: string): string {
  const short = shortForms.get(character)
  if (short !== undefined) return short
  const hex = character.charCodeAt(0).toString(16)
  return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
}
