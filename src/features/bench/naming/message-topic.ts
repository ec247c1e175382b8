/** Stands for the number of a message in a topic: no topic holds it, so no filter names it. [MQTT-1.5.4-2] */
export const numberMark = '\0'

export function withNumber(text: string, number: number): string {
  return text.replaceAll(numberMark, String(number))
}

/** The number that makes this level of a filter of a level with marks, if there is one. */
export function numberNamed(level: string, pattern: string): number | undefined {
  const [digits = ''] = /^\d*/.exec(level.slice(pattern.indexOf(numberMark))) ?? []
  return digits !== '' && withNumber(pattern, Number(digits)) === level ? Number(digits) : undefined
}
