/** 60 bytes a line, newline included, with its own number in front. */
const lineBytes = 60

export function numberedLines(from: number, to: number): Buffer {
  const bytes = Buffer.alloc((to - from + 1) * lineBytes, '.')
  for (let number = from; number <= to; number += 1) {
    const start = (number - from) * lineBytes
    bytes.write(String(number).padStart(9, '0'), start, 'latin1')
    bytes[start + lineBytes - 1] = 10
  }
  return bytes
}

export function numberOf(line: string): number {
  return Number(line.slice(0, 9))
}

/** Where two outputs part, for a message that can be read. */
export function firstDifference(came: Buffer, wanted: Buffer): string | undefined {
  if (came.equals(wanted)) return undefined
  let at = 0
  while (at < came.length && came[at] === wanted[at]) at += 1
  const line = Math.floor(at / lineBytes)
  const shown = (bytes: Buffer) => bytes.subarray(line * lineBytes, line * lineBytes + 12).toString()
  return `${came.length} of ${wanted.length} bytes came; line ${line + 1}: ${shown(came)}, wanted ${shown(wanted)}`
}
