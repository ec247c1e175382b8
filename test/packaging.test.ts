import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { runCli } from './support/program/run-cli.ts'
import { temporaryFolder } from './support/program/temp-folder.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

/** npm as a user types it, without the network: whatever would have to be fetched fails. */
function npm(command: 'npm' | 'npx', args: readonly string[], cwd: string) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_TEST/i.test(name)))
  return run(command, ['--offline', ...args], { cwd, env, timeout: 120_000 })
}

describe('the tarball of npm pack', () => {
  const folder = temporaryFolder()
  const elsewhere = join(folder, 'elsewhere')
  const program = [join(elsewhere, 'node_modules', '.bin', 'mqtt-cli')] as const
  let packed: readonly string[] = []

  before(async () => {
    // Without scripts: prepack would build into the folder that other tests are running from.
    const { stdout } = await npm('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root)
    const [{ filename, files }] = JSON.parse(stdout)
    packed = files.map(({ path }: { path: string }) => path)
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'package.json'), '{}')
    await npm('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', join(folder, filename)], elsewhere)
  })

  test('holds the program, its documentation and the licences, and nothing that only developers need', () => {
    for (const path of [
      'bin/run.js',
      'dist/start.cjs',
      'dist/rest.cjs',
      'dist/THIRD-PARTY-NOTICES.txt',
      'oclif.manifest.json',
      'LICENSE',
    ]) {
      assert.ok(packed.includes(path), path)
    }
    assert.deepEqual(
      packed.filter((path) =>
        /^(src|test|scripts|commands|benchmarks|node_modules|\.ci)\/|\.cache|bin\/dev/.test(path),
      ),
      [],
    )
  })

  test('installs without anything else', () => {
    assert.deepEqual(
      readdirSync(join(elsewhere, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['mqtt-cli'],
    )
  })

  test('publishes to a broker of its own', async () => {
    const cli = runCli(['pub', 'home/door', 'open', '-q', '2', '--embedded', '--trace'], { program, cwd: elsewhere })

    assert.equal(await cli.exitCode, 0)
    assert.match(await cli.stderr(), /PUBCOMP/)
  })

  test('subscribes, with a session by mqtt.js', async () => {
    const cli = runCli(['sub', 'home/#', '-E', '--embedded', '--trace'], { program, cwd: elsewhere })

    assert.equal(await cli.exitCode, 0)
    assert.match(await cli.stderr(), /SUBACK .*Granted/)
  })

  test('shows the demonstration', async () => {
    const cli = runCli(['demo'], { program, cwd: elsewhere })

    assert.match((await cli.stdout()).toString(), /0x86 Bad User Name or Password/)
    assert.equal(await cli.exitCode, 0)
  })

  test('shows help about a command', async () => {
    const cli = runCli(['help', 'sub'], { program, cwd: elsewhere })

    assert.match((await cli.stdout()).toString(), /\$ mqtt-cli sub \[FILTER\.\.\.\]/)
    assert.equal(await cli.exitCode, 0)
  })
})

describe('in the checkout', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

  test('npx mqtt-cli is this program, without the network', async () => {
    const { stdout } = await npm('npx', ['mqtt-cli', '--version'], root)

    assert.ok(stdout.startsWith(`mqtt-cli/${version} `), stdout)
  })

  test('./bin/run.js runs as it is', async () => {
    const cli = runCli(['--version'], { program: [join(root, 'bin', 'run.js')] })

    assert.ok((await cli.stdout()).toString().startsWith(`mqtt-cli/${version} `))
  })

  test('bin/dev.js runs the sources', async () => {
    const cli = runCli(['pub', 'a', 'b', '--embedded', '-q', '1', '--trace'], {
      program: [join(root, 'bin', 'dev.js')],
    })

    assert.equal(await cli.exitCode, 0)
    assert.match(await cli.stderr(), /PUBACK/)
  })

  test('bin/run.js says in one line that nothing is built', async () => {
    const unbuilt = temporaryFolder()
    cpSync(join(root, 'bin'), join(unbuilt, 'bin'), { recursive: true })

    const cli = runCli(['pub', 'a', 'b'], { program: [join(unbuilt, 'bin', 'run.js')] })

    assert.equal(await cli.exitCode, 1)
    assert.equal(await cli.stderr(), 'mqtt-cli is not built here: npm start, or npm run build\n')
  })

  test('npm publish refuses: the name is somebody else’s there', () => {
    assert.equal(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).private, true)
  })
})
