// Installs the dependencies when they are missing or older than the lock file. Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const modifiedMs = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0

if (modifiedMs('node_modules/.package-lock.json') < modifiedMs('package-lock.json')) {
  // Not `npm ci`: it refuses a lock without the optional packages of every platform, and a registry may not have them all.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32', // npm is a script there
  })
  process.exitCode = status ?? 1
}
linkProgram()

/** `npx mqtt-cli` in here is this program, and never the package of that name on npm, which is somebody else's. */
function linkProgram() {
  try {
    symlinkSync(join('..', '..', 'bin', 'run.js'), join(root, 'node_modules', '.bin', 'mqtt-cli'))
  } catch {} // it is there already; or links are not for us here, and then npx finds the program by package.json
}
