import { posix } from 'node:path'
import type { SourceFile } from './source-file.ts'

export interface Import {
  /** The file that imports. */
  readonly from: string
  /** A path from the root for files of ours; else the specifier: `node:net`, `mqtt`. */
  readonly to: string
  readonly isOurs: boolean
  /** `import type`: gone when the program runs. */
  readonly typeOnly: boolean
  /** `import()`: read when it is asked for, and not at start-up. */
  readonly isLazy: boolean
}

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[\w$*\s{},]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm
const dynamic = /(typeof\s+)?\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/g

/** Import lines of every kind: static, for side effects, re-exports, dynamic, `typeof import()`. */
export function importsOf(file: SourceFile): readonly Import[] {
  const text = file.text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/^\s*\/\/.*$/gm, ' ')
  const found = (pattern: RegExp, isLazy: boolean) =>
    [...text.matchAll(pattern)].map(([, type, specifier = '']): Import => {
      const isOurs = specifier.startsWith('.')
      const to = isOurs ? posix.join(posix.dirname(file.path), specifier) : specifier
      return { from: file.path, to, isOurs, typeOnly: type !== undefined, isLazy }
    })
  return [...found(statement, false), ...found(dynamic, true)]
}

export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
