/** The candidate that was probably meant: `publish` is pub, `sbu` is sub. None where nothing is near. */
export function nearestWord(typed: string, candidates: readonly string[]): string | undefined {
  const longer = candidates.find((word) => typed.startsWith(word))
  if (longer !== undefined) return longer
  const most = Math.max(2, Math.floor(typed.length / 3))
  const [nearest] = candidates
    .map((word) => ({ word, steps: typingErrors(typed, word) }))
    .filter(({ steps, word }) => steps <= most && steps < word.length)
    .sort((left, right) => left.steps - right.steps)
  return nearest?.word
}

/** Letters to insert, drop, replace or swap with their neighbour on the way from one word to the other. */
function typingErrors(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= from.length; row++) {
    rows[row] = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const steps = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
      )
      rows[row]?.push(isSwapped ? Math.min(steps, at(row - 2, column - 2) + 1) : steps)
    }
  }
  return at(from.length, to.length)
}
