import { dirname } from 'node:path'
import type { SourceFile } from './source-file.ts'

const mostSiblings = 25

/** A codec: a file for each packet and each kind of field, which nobody reads as a list. */
const excused = new Set(['src/protocol/wire'])

/** Folders with more files side by side than can be scanned. */
export function crowdedFolders(files: readonly Pick<SourceFile, 'path'>[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  return [...counts]
    .filter(([folder, count]) => count > mostSiblings && !excused.has(folder))
    .map(([folder, count]) => `${folder} holds ${count} files; ${mostSiblings} can be scanned`)
}
