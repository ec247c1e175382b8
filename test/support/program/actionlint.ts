import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..')

/** actionlint, as it says what is wrong and where; one file a call. */
export function linted(file: string) {
  const program = join(root, 'node_modules', '@tktco', 'node-actionlint', 'bin', 'node-actionlint.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, file], { encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}
