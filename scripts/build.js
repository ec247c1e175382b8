// Bundles commands/ and src/ into the parts of the program, dist/*.cjs: few files to read, each with a V8 code cache,
// where loading the modules one by one costs more than the whole of a one-shot publish (docs/decisions/005-bundle.md).
import { writeFileSync } from 'node:fs'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { bundleParts } from './bundle-parts.js'
import { escapeNonAscii } from './escape-non-ascii.js'
import { lazyRequires } from './lazy-requires.js'
import { thirdPartyNotices } from './third-party-notices.js'
import { warmCodeCache } from './warm-code-cache.js'

const root = join(import.meta.dirname, '..')

/** What the threads of `bench` run: the load, or the wait for the next message of it, and nothing of the command line. */
const threadSources = {
  'bench-worker.cjs': `import { parentPort, workerData } from 'node:worker_threads'
import { serveWorker } from './src/features/bench/workers/serve-worker.ts'
serveWorker(parentPort, workerData)
`,
  'bench-precision-timer.cjs': `import { parentPort, workerData } from 'node:worker_threads'
import { servePrecisionTimer } from './src/features/bench/pace/serve-precision-timer.ts'
servePrecisionTimer(parentPort, workerData)
`,
}

/** V8 would refuse them anyway, since they name another source. */
async function dropOldCaches() {
  const files = await readdir(join(root, 'dist'))
  const caches = files.filter((file) => file.includes('.cache') || file === 'code-cache')
  await Promise.all(caches.map((file) => rm(join(root, 'dist', file), { recursive: true, force: true })))
}

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
for (const [name, contents] of Object.entries(threadSources)) {
  const stdin = { contents, resolveDir: root, loader: 'ts' }
  await build({ ...shared, stdin, outfile: join(root, 'dist', name) })
}
const parts = await bundleParts(root, shared)
const written = [
  ...parts.map(({ file }) => file),
  ...Object.keys(threadSources).map((name) => join(root, 'dist', name)),
]
for (const file of written) writeFileSync(file, escapeNonAscii(await readFile(file, 'utf8')))
await dropOldCaches()
writeFileSync(
  join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'),
  thirdPartyNotices(root, [...parts.flatMap(({ inputs }) => inputs), ...chartFiles]),
)
writeFileSync(join(root, 'dist', 'package.json'), '{"type":"commonjs"}\n')
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const sizes = parts.map(({ name, bytes }) => `${name} ${Math.round(bytes / 1024)} KiB`)
process.stdout.write(`built mqtt-cli ${version}: ${sizes.join(', ')}\n`)
await warmCodeCache(root)
