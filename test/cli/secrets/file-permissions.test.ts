import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { filePermissionsNote } from '../../../src/cli/secrets/file-permissions.ts'

const modes: readonly [mode: number, isOpen: boolean][] = [
  [0o600, false],
  [0o400, false],
  [0o640, true],
  [0o604, true],
  [0o644, true],
]

for (const [mode, isOpen] of modes) {
  const verdict = isOpen ? 'warns of' : 'says nothing of'
  test(`fault 35: ${verdict} a secret file with mode ${mode.toString(8)}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'secret')
    writeFileSync(path, 'x')
    chmodSync(path, mode)

    const note = filePermissionsNote('the password file', path)

    assert.equal(note?.includes(path) ?? false, isOpen)
  })
}

test('says nothing of a file that is not there: who reads it will', () => {
  assert.equal(filePermissionsNote('the password file', '/nowhere/at/all'), undefined)
})
