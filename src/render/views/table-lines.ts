/** Rows as columns that line up: text to the left, numbers to the right. The first row is the head. */
export function tableLines(
  rows: readonly (readonly string[])[],
  numberColumns: ReadonlySet<number>,
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return numberColumns.has(column) ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
