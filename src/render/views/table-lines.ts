import Table from 'cli-table3'

/** No frame: columns that line up, two blanks apart. */
const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** No padding, and none of cli-table3's colours: the theme paints what is printed. */
const plain = { 'padding-left': 0, 'padding-right': 0, head: [], border: [] }

/** Rows as columns that line up: text to the left, numbers to the right. The first row is the head. */
export function tableLines(
  rows: readonly (readonly string[])[],
  numberColumns: ReadonlySet<number>,
): readonly string[] {
  const colAligns = (rows[0] ?? []).map((_, column) => (numberColumns.has(column) ? 'right' : 'left'))
  const table = new Table({ chars: noLines, colAligns, style: plain })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
