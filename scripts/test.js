// npm test: installs, builds, checks types, lint, unused exports and the manifest, runs every test, and says what came of it.
// `npm test -- --refuse-skips PATTERN` counts a test as failed that was skipped for a reason that matches.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { messagePath } from './message-path.js'
import { nodeTests } from './node-tests.js'

const root = join(import.meta.dirname, '..')
const { values: options } = parseArgs({ options: { 'refuse-skips': { type: 'string' } } })
const refusedSkips = options['refuse-skips'] === undefined ? undefined : new RegExp(options['refuse-skips'])

const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const knip = join(root, 'node_modules', 'knip', 'bin', 'knip.js')

/** What comes before the tests. Without the first two nothing else makes sense. */
const steps = [
  { name: 'install', args: ['scripts/install.js'], isNeeded: true },
  { name: 'build', args: ['scripts/build.js'], isNeeded: true },
  { name: 'types', args: [tsc, '--noEmit'] },
  { name: 'lint', args: [biome, 'check', '.'] },
  { name: 'unused', args: [knip, '--no-progress'] }, // files, exports and dependencies that nothing uses
  { name: 'manifest', args: ['scripts/manifest.js', '--check'] },
]

const totals = { passed: 0, failed: 0, skipped: [], failures: [], files: new Map(), stderr: new Map() }

const isReady = steps.every((step) => runStep(step) || !step.isNeeded)
if (isReady) await runTests()
showEnd()

function runStep({ name, args }) {
  const startMs = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  const isDone = status === 0
  say(`${isDone ? 'ok    ' : 'FAILED'} ${name}, ${seconds(performance.now() - startMs)}`)
  if (!isDone) say(indented(`${stdout}${stderr}`.trim()))
  count(isDone, name)
  return isDone
}

/** All of them, and those of the message path once more, each over the transport of its day. */
async function runTests() {
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => join('test', file))
  await runFiles(files)
  for (const cell of new Set(messagePath.map(({ daily }) => daily))) {
    const rows = messagePath.filter(({ daily }) => daily === cell)
    await runFiles(
      rows.flatMap((row) => row.files),
      cell,
    )
  }
}

async function runFiles(files, cell) {
  const inCell = (file) => (cell === undefined ? file : `${file}, over ${cell}`)
  for await (const event of nodeTests(files, { cell })) {
    if (event.kind === 'aborted') say(`FAILED ${event.text}`)
    else take(event, inCell)
  }
  for (const file of files.map(inCell)) if (!totals.files.has(file)) count(false, `${file}: not one test ran`)
}

function take(event, inCell) {
  const file = inCell(event.file === undefined ? '?' : relative(root, event.file))
  if (event.kind === 'stderr') totals.stderr.set(file, `${totals.stderr.get(file) ?? ''}${event.text}`)
  else if (event.names[0] === event.file) takeFile(file, event.error)
  else takeTest(file, event)
}

/** The runner speaks of a file itself when that held no test, or ended before the last one. */
function takeFile(file, error) {
  totals.files.set(file, totals.files.get(file) ?? 0)
  count(false, error === undefined ? `${file}: not one test ran` : file)
  if (error !== undefined) say(`FAILED ${file}\n${indented(`${totals.stderr.get(file) ?? ''}${error}`)}`)
}

function takeTest(file, { names, nesting, ms, skip, error, isParent }) {
  const name = `${file}: ${names.join(' › ')}`
  if (nesting === 0) totals.files.set(file, (totals.files.get(file) ?? 0) + ms)
  if (skip !== undefined) takeSkipped(name, skip === true ? 'no reason given' : skip)
  else if (!isParent) {
    count(error === undefined, name)
    if (error !== undefined) say(`FAILED ${name}\n${indented(error)}`)
  }
}

function takeSkipped(name, reason) {
  const line = `${name}: ${reason}`
  if (!refusedSkips?.test(reason)) totals.skipped.push(line)
  else count(false, `skipped, and must not be: ${line}`)
}

function count(isDone, name) {
  if (isDone) totals.passed++
  else {
    totals.failed++
    totals.failures.push(name)
  }
}

function showEnd() {
  const { passed, failed, skipped, failures, files } = totals
  const slowest = [...files].sort(([, left], [, right]) => right - left).slice(0, 5)
  say('\nslowest files')
  for (const [file, ms] of slowest) say(`  ${seconds(ms).padStart(7)}  ${file}`)
  if (skipped.length > 0) say('\nskipped')
  for (const line of skipped) say(`  ${line}`)
  if (failed > 0) say('\nfailed')
  for (const name of failures) say(`  ${name}`)
  say(`\n${(performance.now() / 60_000).toFixed(1)} minutes`)
  say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  process.exitCode = failed > 0 || files.size === 0 ? 1 : 0
}

function say(text) {
  process.stdout.write(`${text}\n`)
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}

function indented(text) {
  return text.replace(/^/gm, '    ')
}
