// npm run matrix: the message path over every transport, sub and pub -l against every broker. Ends with the tables and
// `N passed, N failed, N skipped`. `--only transports`, `brokers` or `attacks` (on our own broker, for a minute); `--cell tls` for one column.
import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { brokers, messagePath, transports } from './message-path.js'
import { nodeTests } from './node-tests.js'

const root = join(import.meta.dirname, '..')
const { values: options } = parseArgs({ options: { only: { type: 'string' }, cell: { type: 'string' } } })
/** No column may take longer: what still runs then has failed. */
const columnLimitMs = 15 * 60_000

const tables = [
  {
    name: 'transports',
    columns: transports,
    files: messagePath.flatMap(({ files }) => files),
    rows: messagePath.map(({ about }) => about),
    /** Its tests run side by side: the time is theirs together. */
    timesSuites: true,
    rowOf: (file) => messagePath.find(({ files }) => files.includes(file))?.about,
  },
  {
    name: 'brokers',
    columns: brokers,
    files: ['test/brokers/pub-and-sub.test.ts'],
    rows: [],
    timesSuites: false,
    rowOf: (_, names) => names.slice(1).join(', ') || 'the file',
  },
  {
    name: 'attacks',
    columns: ['all at once'],
    files: ['test/features/embedded-broker/attacks/all-at-once.test.ts'],
    rows: [],
    rowOf: (_, names) => names.at(-1),
  },
]

const totals = { passed: 0, failed: 0, skipped: 0 }

if (prepared()) {
  for (const table of tables) if (options.only === undefined || options.only === table.name) await runTable(table)
} else totals.failed++
say(`\n${(performance.now() / 60_000).toFixed(1)} minutes`)
say(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0

function prepared() {
  return ['scripts/install.js', 'scripts/build.js'].every((script) => {
    const { status } = spawnSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    return status === 0
  })
}

async function runTable(table) {
  const cells = new Map()
  for (const column of table.columns.filter((name) => options.cell === undefined || options.cell === name)) {
    for await (const event of nodeTests(table.files, { cell: column, limitMs: columnLimitMs })) {
      if (event.kind === 'result') take(table, column, cells, event)
      if (event.kind === 'aborted') say(`FAILED ${column}: ${event.text}`)
    }
    const rows = rowsOf(table, cells)
    for (const row of table.rows) cellOf(cells, row, column).failed ||= cellOf(cells, row, column).tests === 0 ? 1 : 0
    for (const row of rows) say(`${column.padEnd(20)} ${shown(cellOf(cells, row, column)).padEnd(22)} ${row}`)
  }
  showTable(table, cells)
  for (const { passed, failed, skipped } of cells.values()) {
    totals.passed += passed
    totals.failed += failed
    totals.skipped += skipped
  }
}

function take(table, column, cells, { file, names, nesting, ms, skip, error, isParent }) {
  const path = file === undefined ? '' : relative(root, file)
  const isFile = names[0] === file
  if (isFile && error === undefined) return
  if (isParent && !(table.timesSuites && nesting === 0)) return
  const cell = cellOf(cells, table.rowOf(path, names) ?? path, column)
  if (!table.timesSuites || nesting === 0) cell.ms += ms
  if (isParent) return
  cell.tests++
  if (skip !== undefined) {
    cell.skipped++
    cell.reason = skip
  } else if (error === undefined) cell.passed++
  else {
    cell.failed++
    say(`FAILED ${column}: ${path}: ${names.join(' › ')}\n${error.replace(/^/gm, '    ')}`)
  }
}

function cellOf(cells, row, column) {
  const key = `${row}\0${column}`
  if (!cells.has(key)) cells.set(key, { tests: 0, passed: 0, failed: 0, skipped: 0, ms: 0, reason: undefined })
  return cells.get(key)
}

function rowsOf({ rows }, cells) {
  return rows.length > 0 ? rows : [...new Set([...cells.keys()].map((key) => key.split('\0')[0]))]
}

function shown({ tests, passed, failed, skipped, ms }) {
  if (tests === 0) return failed > 0 ? 'did not run' : '–' // this broker has no such version or QoS
  if (failed > 0) return `${failed} of ${tests} FAILED`
  if (passed === 0 && skipped > 0) return 'skipped'
  return `${passed} in ${(ms / 1000).toFixed(1)} s${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function showTable(table, cells) {
  const columns = table.columns.filter((name) => options.cell === undefined || options.cell === name)
  const lines = [['', ...columns]]
  for (const row of rowsOf(table, cells)) {
    lines.push([
      row,
      ...columns.map((column) => shown(cells.get(`${row}\0${column}`) ?? cellOf(new Map(), row, column))),
    ])
  }
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)))
  say(`\n${table.name}`)
  for (const line of lines)
    say(
      `  ${line
        .map((text, at) => text.padEnd(widths[at]))
        .join('  ')
        .trimEnd()}`,
    )
  const reasons = new Set([...cells.values()].flatMap(({ reason }) => (typeof reason === 'string' ? [reason] : [])))
  for (const reason of reasons) say(`  skipped: ${reason}`)
}

function say(text) {
  process.stdout.write(`${text}\n`)
}
