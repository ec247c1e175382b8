/** Text in lines of at most this many characters, broken between words; a word that is longer stays whole. */
export function wrapped(text: string, width: number | undefined): string[] {
  if (width === undefined || text.length <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
