import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { usageError } from './usage-error.ts'

/** The path, or what lies in the folder of that name, in the order of names: that of the runs, as `--save` names them. */
export function resultFiles(path: string): readonly string[] {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path]
  const found = readdirSync(path).filter((name) => /\.(nd)?json$/.test(name))
  if (found.length > 0) return found.sort().map((name) => join(path, name))
  throw usageError(`${path} holds no results`, 'give a folder that bench --save wrote into, or files')
}
