import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

/** A folder of this test file's own, removed when its tests are done. Short, so that a unix socket fits in it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mq-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
