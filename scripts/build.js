// Bundles commands/ and src/ into one CommonJS file, dist/cli.cjs: one file to read and one V8 code cache for it,
// where loading the modules one by one costs more than the whole of a one-shot publish (docs/decisions/005-bundle.md).
import { writeFileSync } from 'node:fs'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { commandFiles } from './command-files.js'
import { escapeNonAscii } from './escape-non-ascii.js'
import { lazyRequires } from './lazy-requires.js'
import { thirdPartyNotices } from './third-party-notices.js'
import { warmCodeCache } from './warm-code-cache.js'

const root = join(import.meta.dirname, '..')

/** The entry: `main`, and per command a loader that evaluates its module only when it is asked for. */
async function entrySource() {
  const commands = await commandFiles()
  const getters = commands.map(({ file, id }) => `  get '${id}'() { return require('./commands/${file}').default },`)
  return `export { main } from './src/command/main.ts'\nexport const COMMANDS = {\n${getters.join('\n')}\n}\n`
}

/** What the threads of `bench` run: the load, or the wait for the next message of it, and nothing of the command line. */
const threadSources = {
  'bench-worker.cjs': `import { parentPort, workerData } from 'node:worker_threads'
import { serveShare } from './src/features/bench/workers/serve-worker.ts'
serveShare(parentPort, workerData)
`,
  'bench-metronome.cjs': `import { parentPort, workerData } from 'node:worker_threads'
import { serveMetronome } from './src/features/bench/pace/serve-precision-timer.ts'
serveMetronome(parentPort, workerData)
`,
}

/** V8 would refuse them anyway, since they name another source. */
async function dropOldCaches() {
  const files = await readdir(join(root, 'dist'))
  const caches = files.filter((file) => file.includes('.cache') || file === 'code-cache')
  await Promise.all(caches.map((file) => rm(join(root, 'dist', file), { recursive: true, force: true })))
}

const outfile = join(root, 'dist', 'cli.cjs')
/** Inlined into every report of `bench`. */
const chartFiles = ['uPlot.iife.min.js', 'uPlot.min.css'].map((name) => join('node_modules', 'uplot', 'dist', name))
for (const file of chartFiles) await cp(join(root, file), join(root, 'dist', basename(file)))

const shared = {
  bundle: true,
  // Names stay as they are: error names and oclif's command names are read at run time. Short ones with `keepNames` are
  // half a megabyte less, and give each function its name again when it is made: 300 bytes and more for every closure,
  // and 5 % of the CPU of a one-shot publish.
  minifyWhitespace: true,
  minifySyntax: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  supported: { 'dynamic-import': false }, // a script from the code cache has no loader for import()
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [lazyRequires],
  alias: { '@inquirer/external-editor': './scripts/no-editor.js' },
  external: ['typescript', 'bufferutil', 'utf-8-validate'],
}
const source = (contents) => ({ contents, resolveDir: root, loader: 'ts' })
const result = await build({ ...shared, stdin: source(await entrySource()), outfile, metafile: true })
for (const [name, contents] of Object.entries(threadSources)) {
  await build({ ...shared, stdin: source(contents), outfile: join(root, 'dist', name) })
}
writeFileSync(outfile, escapeNonAscii(await readFile(outfile, 'utf8')))
await dropOldCaches()
writeFileSync(
  join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'),
  thirdPartyNotices(root, [...Object.keys(result.metafile.inputs), ...chartFiles]),
)
writeFileSync(join(root, 'dist', 'package.json'), '{"type":"commonjs"}\n')
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const [bundle] = Object.values(result.metafile.outputs)
process.stdout.write(`built mqtt-cli ${version}: dist/cli.cjs, ${Math.round(bundle.bytes / 1024)} KiB\n`)
await warmCodeCache(root)
