import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { runCli } from '../support/program/run-cli.ts'
import { temporaryFolder } from '../support/program/temp-folder.ts'

const majors = [20, 22, 24, 26]
const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js')
const folder = temporaryFolder()

describe('the built program, without a warning on stderr', { concurrency: 2 }, () => {
  for (const major of majors) {
    describe(`on Node ${major}`, () => {
      let node = { path: '', missing: '' }
      before(async () => {
        node = await nodeOf(major)
      })

      const run = (args: readonly string[], stdin = '') => runCli(args, { program: [node.path, program], stdin })

      test('says its version', async (t) => {
        if (node.missing !== '') return t.skip(node.missing)

        const cli = run(['--version'])

        assert.deepEqual([await cli.exitCode, await cli.stderr()], [0, ''])
        assert.match((await cli.stdout()).toString(), new RegExp(`^mqtt-cli/\\S+ .*node-v${major}\\.`))
      })

      test('shows the whole demo', async (t) => {
        if (node.missing !== '') return t.skip(node.missing)

        const cli = run(['demo'])

        assert.deepEqual([await cli.exitCode, await cli.stderr()], [0, ''])
      })

      test('carries lines from pub to sub, at QoS 2, through its own broker', async (t) => {
        if (node.missing !== '') return t.skip(node.missing)
        const broker = run(['broker', '--port', '0'])
        const [, port = ''] = await broker.whenStdout(/:(\d+)/)
        const sub = run(['sub', '-p', port, '-t', 'a', '-q', '2', '-C', '3', '-W', '30', '-v', '--trace'])
        await sub.whenStderr(/SUBACK/)

        const pub = run(['pub', '-p', port, '-l', '-t', 'a', '-q', '2'], 'one\ntwo\nthree\n')

        assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
        assert.deepEqual([await sub.exitCode, (await sub.stdout()).toString()], [0, 'a one\na two\na three\n'])
        assert.doesNotMatch(await sub.stderr(), /warning/i)
        broker.kill('SIGTERM')
        assert.deepEqual([await broker.exitCode, await broker.stderr()], [143, ''])
      })
    })
  }
})

/** This process' own Node where it is that one, else the newest of the major from the registry. */
async function nodeOf(major: number): Promise<{ path: string; missing: string }> {
  if (process.versions.node.startsWith(`${major}.`)) return { path: process.execPath, missing: '' }
  const prefix = join(folder, String(major))
  const install = ['i', '--no-save', '--no-audit', '--no-fund', '--silent', '--prefix', prefix, `node@${major}`]
  const npm = spawn('npm', install, { stdio: 'ignore', timeout: 60_000 })
  const [code] = await once(npm, 'close')
  if (code === 0) return { path: join(prefix, 'node_modules', '.bin', 'node'), missing: '' }
  return { path: '', missing: `node@${major} cannot be had: the npm registry was not reached` }
}
