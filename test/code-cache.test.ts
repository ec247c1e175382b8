import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startMessageSource } from './support/messages/message-source.ts'
import { publishBytes } from './support/packets/publish-bytes.ts'
import { runCli } from './support/program/run-cli.ts'
import { temporaryFolder } from './support/program/temp-folder.ts'
import { startTerminator } from './support/transports/terminator.ts'
import { transportTable } from './support/transports/transport-table.ts'

const root = join(import.meta.dirname, '..')
const partFiles = readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.cjs'))
const cacheOf = (part: string) => `${part}.cjs.${process.version}-${process.arch}.cache`

describe('the code cache', () => {
  test('that a first sub leaves behind serves the starts after it', async () => {
    const { dist, program, env } = programWithoutCache()
    const source = await startMessageSource([publishBytes({ topic: 'a', payload: Buffer.from('b') }, 5)], 5)
    const sub = () => runCli(['sub', 'a', '-p', String(source.port), '-C', '1'], { program, env })

    const firstCode = await sub().exitCode
    const written = cachesIn(dist)
    const secondCode = await sub().exitCode
    await source.close()

    assert.deepEqual([firstCode, secondCode], [0, 0])
    assert.ok(written.some(([file]) => file === cacheOf('session')))
    assert.deepEqual(cachesIn(dist), written, 'V8 refused one, and it was written again')
  })

  for (const name of ['tls', 'ws'] as const) {
    test(`that a first sub over ${name} leaves behind serves the starts after it, and has no part that it does not need`, async () => {
      const { dist, program, env } = programWithoutCache()
      const source = await startMessageSource([publishBytes({ topic: 'a', payload: Buffer.from('b') }, 5)], 5)
      const front = await startTerminator(source.port, transportTable[name])
      const sub = () => runCli(['sub', 'a', ...front.flags, '-C', '1'], { program, env })

      const firstCode = await sub().exitCode
      const written = cachesIn(dist)
      const secondCode = await sub().exitCode
      front.close()
      await source.close()

      assert.deepEqual([firstCode, secondCode], [0, 0])
      assert.deepEqual(
        written.map(([file]) => file),
        ['report', 'session', 'start', 'transports'].map(cacheOf),
      )
      assert.deepEqual(cachesIn(dist), written, 'V8 refused one, and it was written again')
    })
  }

  test('learns from the first run of each command, and keeps what it had', async () => {
    const { dist, program, env } = programWithoutCache()
    const run = (...words: string[]) => runCli(words, { program, env }).exitCode

    await run('inspect', 'decode', 'c000')
    const one = commandsIn(dist, 'start')
    await run('pub', 'a', 'b', '-p', '1')
    await run('inspect', 'decode', 'd000')

    assert.deepEqual([one, commandsIn(dist, 'start')], [['inspect:decode'], ['inspect:decode', 'pub']])
  })

  const bad: ReadonlyArray<readonly [what: string, spoil: (cache: Buffer) => Buffer]> = [
    ['is no cache', () => Buffer.from('what somebody left here')],
    ['is empty', () => Buffer.alloc(0)],
    ['was cut short', (cache) => cache.subarray(0, cache.length - 1)],
    ['was cut to its first line', (cache) => cache.subarray(0, cache.indexOf('\n') + 1)],
    ['lost its second half to zeros', (cache) => Buffer.from(cache).fill(0, cache.length >> 1)],
    ['has one bit flipped', (cache) => flipped(cache, cache.length >> 1)],
  ]
  for (const [what, spoil] of bad) {
    test(`that ${what} is not run, and is written anew`, async () => {
      const { dist, program, env } = programWithoutCache()
      const version = () => runCli(['--version'], { program, env })
      await version().exitCode
      const cache = join(dist, cacheOf('start'))
      const spoilt = spoil(readFileSync(cache))
      writeFileSync(cache, spoilt)

      const again = version()

      assert.equal(await again.exitCode, 0)
      assert.match((await again.stdout()).toString(), /^mqtt-cli/)
      assert.notDeepEqual(readFileSync(cache), spoilt)
    })
  }

  test('of another source is not run, though length and time are the same', async () => {
    const { dist, program, env } = programWithoutCache()
    const help = () => runCli(['nonsense'], { program, env })
    await help().exitCode
    const part = join(dist, 'rest.cjs')
    const { atime, mtime } = statSync(part)
    const text = readFileSync(part, 'latin1')
    assert.ok(text.includes('there is no command '))
    writeFileSync(part, text.replace('there is no command ', 'THERE IS NO COMMAND '), 'latin1')
    utimesSync(part, atime, mtime)

    const after = help()

    assert.equal(await after.exitCode, 2)
    assert.match(await after.stderr(), /THERE IS NO COMMAND/)
  })

  test('lies in the user’s own cache folder, for nobody else, where the program’s folder is not ours', async () => {
    const { folder, dist, program, env } = programWithoutCache()
    const own = join(folder, 'home', 'mqtt-cli', cacheOf('start'))
    const version = () => runCli(['--version'], { program: readOnlyFor(folder, dist, program), env })

    const codes = [await version().exitCode]
    const first = statSync(own, { bigint: true })
    codes.push(await version().exitCode)

    assert.deepEqual(codes, [0, 0])
    assert.deepEqual(cachesIn(dist), [])
    assert.equal(first.mode & 0o777n, 0o600n)
    assert.equal(statSync(own, { bigint: true }).ino, first.ino, 'it was not used, and was written again')
  })

  test('in the user’s own cache folder that others can write to is not run', async () => {
    const { folder, dist, program, env } = programWithoutCache()
    const own = join(folder, 'home', 'mqtt-cli', cacheOf('start'))
    const version = () => runCli(['--version'], { program: readOnlyFor(folder, dist, program), env })
    await version().exitCode
    chmodSync(own, 0o666)

    await version().exitCode

    assert.equal(statSync(own).mode & 0o777, 0o600)
  })

  test('is not missed where it can be kept nowhere', async () => {
    const { folder, dist, program } = programWithoutCache()
    const env = { HOME: undefined, XDG_CACHE_HOME: undefined, LOCALAPPDATA: undefined }

    const version = runCli(['--version'], { program: readOnlyFor(folder, dist, program), env })

    assert.deepEqual([await version.exitCode, await version.stderr(), cachesIn(dist)], [0, '', []])
  })
})

describe('what a plain publish loads', () => {
  test('is one part of the program, and nothing of a package', async () => {
    const { dist, program, env } = programWithoutCache()

    const exitCode = await publishOnce(program, env)

    assert.equal(exitCode, 0)
    assert.deepEqual(
      cachesIn(dist).map(([file]) => file),
      [cacheOf('start')],
    )
  })

  test('is none of Node’s modules for TLS, HTTP, terminals, timing or other processes', async () => {
    const { folder, program, env } = programWithoutCache()
    const listing = join(folder, 'list.cjs')
    const list = join(folder, 'modules.txt')
    writeFileSync(
      listing,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')))`,
    )

    await publishOnce([program[0], '--require', listing, program[1]], env)

    const loaded = readFileSync(list, 'utf8').split('\n')
    const costly = [
      'tls',
      'http',
      'https',
      'crypto',
      'perf_hooks',
      'readline',
      'fs/promises',
      'child_process',
      'worker_threads',
      'dns',
    ]
    assert.ok(loaded.includes('NativeModule net'))
    assert.deepEqual(
      costly.filter((name) => loaded.includes(`NativeModule ${name}`)),
      [],
    )
  })
})

for (const file of partFiles) {
  test(`${file} is ASCII: one character above it would make V8 keep two bytes for each`, () => {
    const source = readFileSync(join(root, 'dist', file))

    assert.equal(
      source.findIndex((byte) => byte > 0x7f),
      -1,
    )
  })
}

type Program = readonly [command: string, ...args: string[]]

function programWithoutCache() {
  const folder = temporaryFolder()
  const dist = join(folder, 'dist')
  mkdirSync(dist)
  for (const file of [...partFiles, 'package.json']) cpSync(join(root, 'dist', file), join(dist, file))
  for (const file of ['bin', 'package.json', 'oclif.manifest.json']) {
    cpSync(join(root, file), join(folder, file), { recursive: true })
  }
  const home = join(folder, 'home')
  mkdirSync(home)
  const program: readonly [string, string] = [process.execPath, join(folder, 'bin', 'run.js')]
  return { folder, dist, program, env: { XDG_CACHE_HOME: home } }
}

/** The program as somebody runs it who may not write where it lies: root may everywhere, so root becomes nobody. */
function readOnlyFor(folder: string, dist: string, program: Program): Program {
  chmodSync(dist, 0o555)
  if (process.getuid?.() !== 0) return program
  chmodSync(folder, 0o755)
  const nobody = 65534
  chownSync(join(folder, 'home'), nobody, nobody)
  return ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...program]
}

async function publishOnce(program: Program, env: Readonly<Record<string, string>>): Promise<number> {
  const source = await startMessageSource([], 5)
  const words = ['pub', '-h', '127.0.0.1', '-p', String(source.port), '-t', 'a', '-m', 'b']
  const exitCode = await runCli(words, { program, env }).exitCode
  await source.close()
  return exitCode
}

function cachesIn(dist: string): ReadonlyArray<readonly [file: string, writtenNs: bigint]> {
  return readdirSync(dist)
    .filter((file) => file.includes('.cache'))
    .map((file) => [file, statSync(join(dist, file), { bigint: true }).mtimeNs])
}

function commandsIn(dist: string, part: string): readonly string[] {
  const [line = ''] = readFileSync(join(dist, cacheOf(part)), 'latin1').split('\n', 1)
  return JSON.parse(line).commands
}

function flipped(bytes: Buffer, offset: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[offset] = (copy[offset] ?? 0) ^ 1
  return copy
}
