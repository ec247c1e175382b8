import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const folder = temporaryFolder()
const load = ['bench', '--embedded', '--duration', '0.2', '--warmup', '0', '--rate', '100', '--quiet']

/** In a shell, since it is the shell that says what stdout is. */
function inShell(script: string) {
  return runCli([script, 'sh', process.execPath, program, ...load], { program: ['sh', '-c'] })
}

describe('files of a bench', { concurrency: 2 }, () => {
  test('a finished one keeps the mode of the file before it', async () => {
    const path = join(folder, 'junit.xml')
    writeFileSync(path, 'old')
    chmodSync(path, 0o640)

    const run = inShell(`"$@" --junit "${path}"`)
    await run.exitCode

    assert.match(readFileSync(path, 'utf8'), /<testsuite/)
    assert.equal(statSync(path).mode & 0o777, 0o640)
  })

  test('/dev/stdout as a pipe has the result and the file', async () => {
    const run = inShell('"$@" --junit /dev/stdout | cat')
    const shown = (await run.stdout()).toString()

    assert.match(shown, /verdict/)
    assert.match(shown, /<testsuite/)
  })

  test('/dev/stdout as a file has both too, one behind the other', async () => {
    const path = join(folder, 'out')
    const run = inShell(`"$@" --junit /dev/stdout > "${path}"`)
    await run.exitCode
    const shown = readFileSync(path, 'utf8')

    assert.ok(shown.indexOf('verdict') !== -1 && shown.indexOf('verdict') < shown.indexOf('<testsuite'), shown)
  })
})
