/**
 * DEL, the C1 controls, and the marks that turn the direction of text: JSON allows them bare, terminals act on them; and
 * the first # of what a CI runner obeys anywhere in a line, `##vso[`.
 */
const controls = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|#(?=#\w*\[)/g

/** A value as JSON text in which no control character stands bare. */
export function jsonText(value: unknown): string {
  return escapeJsonControls(JSON.stringify(value))
}

/** Controls can stand only inside the strings of JSON, so their escapes leave its meaning as it was. */
export function escapeJsonControls(json: string): string {
  return json.replace(controls, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
