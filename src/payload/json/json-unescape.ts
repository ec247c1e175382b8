const plainEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
}

/** The bytes that the inside of a JSON string (one character a byte) stands for; undefined when an escape is wrong. */
export function unescapeString(latin1: string): Buffer | undefined {
  let wrong = false
  const text = latin1.replace(/(?:\\u.{4})+|\\./gs, (sequence) => {
    const decoded = sequence.length > 2 ? decodeUnits(sequence) : plainEscapes[sequence[1]!]
    if (decoded === undefined) wrong = true
    return decoded ?? ''
  })
  return wrong ? undefined : Buffer.from(text, 'latin1')
}

/**
 * A run of `\uXXXX` to UTF-8, one character a byte; undefined when half of a surrogate pair stands alone. Digits that
 * are none make a NUL, which ends the string where it is printed: so does mosquitto_sub.
 */
function decodeUnits(escapes: string): string | undefined {
  const units = escapes
    .match(/\\u.{4}/gs)!
    .map((unit) => (/[0-9a-f]{4}$/i.test(unit) ? Number.parseInt(unit.slice(2), 16) : 0))
  const text = String.fromCharCode(...units)
  return /\p{Surrogate}/u.test(text) ? undefined : Buffer.from(text).toString('latin1')
}
