import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const driver = join(import.meta.dirname, '..', 'fixture', 'on-terminal.py')
const command = join(import.meta.dirname, '..', 'fixture', 'command.ts')
const hasPython = spawnSync('python3', ['-c', 'import pty, termios']).status === 0

/** Runs the fixture command on a terminal and types the answer at the password prompt. */
function onTerminal(answer: string, ...argv: string[]) {
  const line = [driver, 'Password:', answer, process.execPath, '--import', 'tsx', command, ...argv]
  const { stdout } = spawnSync('python3', line, { encoding: 'utf8', timeout: 30_000 })
  return JSON.parse(stdout) as { code: number; shown: string; restored: boolean }
}

describe('on a terminal', { skip: hasPython ? false : 'python3 is missing' }, () => {
  test('-P as the last word asks for the password and never shows it', () => {
    const { code, shown } = onTerminal('canary\r', 'a', 'settings', '-u', 'me', '-P')

    assert.equal(code, 0)
    assert.ok(shown.includes(Buffer.from('canary').toString('hex')), 'the password has not arrived')
    assert.ok(!shown.includes('canary'))
  })

  test('--ask-password asks too', () => {
    assert.match(onTerminal('x1y2\r', 'a', 'settings', '--ask-password', '-u', 'me').shown, /78317932/)
  })

  test('fault 32: Ctrl-C at the prompt exits 130 and leaves the terminal as it was', () => {
    const { code, restored } = onTerminal('\x03', 'a', 'settings', '-u', 'me', '-P')

    assert.equal(code, 130)
    assert.ok(restored)
  })

  test('a password in a word is noted once, because ps shows it', () => {
    const { shown } = onTerminal('', 'a', 'settings', '-u', 'me', '-P', 'canary')

    assert.equal(shown.match(/\bps\b/g)?.length, 1)
    assert.ok(!shown.includes('canary'))
  })

  test('fault 26: what a broker said is escaped', () => {
    const { shown } = onTerminal('', 'a', 'refuse=no')

    assert.ok(shown.includes('no\\x1b[2J'))
    assert.ok(!shown.includes('\x1b[2J'))
  })
})
