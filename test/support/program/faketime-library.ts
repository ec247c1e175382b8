import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What gives a program another clock when it is loaded before everything else; undefined where it is not installed. */
export function faketimeLibrary(): string | undefined {
  if (spawnSync('faketime', ['--version']).error !== undefined) return undefined
  const folders = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime'))
  return folders
    .map((each) => join(each, 'libfaketime.so.1'))
    .find((file) => spawnSync('test', ['-e', file]).status === 0)
}
