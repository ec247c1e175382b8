import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Section } from './section.ts'

const docs = join(import.meta.dirname, '..', 'docs')

/** The report is a page written by hand, with a marked place for each table: only what is between the marks is ours. */
export function writeReport(tables: ReadonlyMap<string, string>, pageName = 'performance'): void {
  const file = join(docs, `${pageName}.md`)
  let page = readFileSync(file, 'utf8')
  for (const [name, text] of tables) page = replacePlace(page, file, name, text)
  writeFileSync(file, page)
}

function replacePlace(page: string, file: string, name: string, text: string): string {
  const [begin, end] = [`<!-- measured: ${name} -->`, '<!-- end -->']
  const from = page.indexOf(begin)
  const to = page.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`${file} has no place for “${name}”: ${begin} … ${end}`)
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`
}

/** Columns of one width, for who reads the source too; figures to the right. */
export function markdownTable({ columns, rows }: Section): string {
  const all = [columns, ...rows]
  const widths = columns.map((_, index) => Math.max(3, ...all.map((row) => (row[index] ?? '').length)))
  const line = (row: readonly string[]) => `| ${widths.map((width, index) => aligned(row, index, width)).join(' | ')} |`
  const rule = `|${widths.map((width, index) => `${'-'.repeat(width + (index === 0 ? 2 : 1))}${index === 0 ? '' : ':'}`).join('|')}|`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

function aligned(row: readonly string[], index: number, width: number): string {
  const cell = row[index] ?? ''
  return index === 0 ? cell.padEnd(width) : cell.padStart(width)
}
