// Installs the dependencies when they are missing or older than the lock file. Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const modifiedMs = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0

if (modifiedMs('node_modules/.package-lock.json') < modifiedMs('package-lock.json')) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
