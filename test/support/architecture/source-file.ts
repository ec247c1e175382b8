import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One file of the project: its path from the root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** All TypeScript below these folders of `root`; a folder that is not there yet has no files. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    list(join(root, folder))
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') })),
  )
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))
  } catch {
    return []
  }
}

const commentOrText = /\/\*[\s\S]*?\*\/|\/\/.*$|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gm

/** What stands in quotes and templates. */
export function textsIn(text: string): readonly string[] {
  return (text.match(commentOrText) ?? []).filter((found) => !found.startsWith('/'))
}

/** The text without comments and without what stands in quotes; of a template, its expressions stay. */
export function codeOnly(text: string): string {
  return text.replace(commentOrText, (found) => {
    if (!found.startsWith('`')) return found.startsWith('/') ? ' ' : "''"
    return (found.match(/\$\{[^}]*\}/g) ?? []).join(' ')
  })
}
