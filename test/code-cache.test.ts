import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startMessageSource } from './support/message-source.ts'
import { publishBytes } from './support/publish-bytes.ts'
import { runCli } from './support/run-cli.ts'
import { temporaryFolder } from './support/temp-folder.ts'

const root = join(import.meta.dirname, '..')

test('the code cache that a first sub leaves behind serves the starts after it', async () => {
  const { folder, program } = programWithoutCache()
  const source = await startMessageSource([publishBytes({ topic: 'a', payload: Buffer.from('b') }, 5)], 5)
  const sub = () => runCli(['sub', 'a', '-p', String(source.port), '-C', '1'], { program })

  const firstCode = await sub().exitCode
  const [cache, ...others] = cachesIn(folder).map((file) => join(folder, 'dist', file))
  const written = statSync(cache ?? '', { bigint: true }).mtimeNs
  const secondCode = await sub().exitCode
  await source.close()

  assert.deepEqual([firstCode, secondCode, others.length], [0, 0, 0])
  assert.equal(statSync(cache ?? '', { bigint: true }).mtimeNs, written, 'V8 refused it, and it was written again')
})

test('a cache that is no cache is written anew', async () => {
  const { folder, program } = programWithoutCache()
  const cache = join(folder, 'dist', `cli.cjs.${process.version}-${process.arch}.cache`)
  writeFileSync(cache, 'what somebody left here')

  const exitCode = await runCli(['--version'], { program }).exitCode

  assert.equal(exitCode, 0)
  assert.ok(statSync(cache).size > 100_000)
})

test('the bundle is ASCII: one character above it would make V8 keep two bytes for each', () => {
  const bundle = readFileSync(join(root, 'dist', 'cli.cjs'))

  assert.equal(
    bundle.findIndex((byte) => byte > 0x7f),
    -1,
  )
})

function programWithoutCache() {
  const folder = temporaryFolder()
  for (const file of ['bin/run.js', 'bin/load-bundle.js', 'bin/package.json', 'dist/cli.cjs', 'dist/package.json']) {
    cpSync(join(root, file), join(folder, file))
  }
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  return { folder, program: [process.execPath, join(folder, 'bin', 'run.js')] as const }
}

function cachesIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'dist')).filter((file) => file.endsWith('.cache'))
}
