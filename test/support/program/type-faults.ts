import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temp-folder.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** Enumerations are written as their values in files, and so they are here. */
const plain = `type Plain<T> = T extends string ? \`\${T}\` : T extends number ? T : T extends object ? { [K in keyof T]: Plain<T[K]> } : T`

/**
 * What the compiler says against data as a value of a type, unknown fields included, which the usual validators let pass;
 * '' where it says nothing. `type`: its name; `from`: the package that exports it.
 */
export function typeFaultsOf(data: unknown, type: string, from: string): string {
  const folder = temporaryFolder()
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const lines = [`import type { ${type} } from '${from}'`, plain]
  const value = `export const data: Plain<${type}> = ${JSON.stringify(data, null, 1)}`
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'data.ts'), `${[...lines, value].join('\n')}\n`)
  const words = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler']
  const program = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...words, 'data.ts'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`
}
