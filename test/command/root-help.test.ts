import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js')

describe('a full disk', { skip: existsSync('/dev/full') ? undefined : 'there is no /dev/full here' }, () => {
  for (const words of [
    [],
    ['--help'],
    ['help'],
    ['help', 'pub'],
    ['pub', '--help'],
    ['--version'],
    ['-V'],
    ['version'],
    ['-h'],
  ]) {
    test(`under mqtt-cli ${words.join(' ')}: 7, said in a sentence`, () => {
      const { status, stderr } = runOnFullDisk(words)

      assert.equal(status, 7)
      assert.match(stderr, /error: stdout could not be written: the disk is full/)
    })
  }

  test('is said in one JSON line where that was asked for', () => {
    const { status, stderr } = runOnFullDisk(['--help', '--json'])

    assert.equal(status, 7)
    assert.deepEqual([JSON.parse(stderr).kind, JSON.parse(stderr).exitCode], ['local-io', 7])
  })
})

function runOnFullDisk(words: readonly string[]) {
  const disk = openSync('/dev/full', 'w')
  const run = spawnSync(process.execPath, [program, ...words], { stdio: ['ignore', disk, 'pipe'], encoding: 'utf8' })
  closeSync(disk)
  return run
}
