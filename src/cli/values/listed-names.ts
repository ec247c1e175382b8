/** `mqtt, http/1.1` → its names, without the blanks that people write after a comma. */
export function listedNames(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
