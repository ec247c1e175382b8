import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bugExitCode, exitCodes } from '../../src/command/exit-codes.ts'
import { declaredCommands } from './commands.ts'
import { flagLines } from './flags.ts'
import { helpLines } from './help.ts'
import { jsonFieldLines } from './json-fields.ts'

/** The parts of the contract, each the name of its snapshot. */
export const parts = ['flags', 'json-fields', 'exit-codes', 'help'] as const
export type Contract = Readonly<Record<(typeof parts)[number], string>>

/** What scripts may rely on, as the program and its schemas are now. */
export async function contractOf(root: string): Promise<Contract> {
  const commands = await declaredCommands(root)
  const codes = Object.entries({ done: 0, bug: bugExitCode, ...exitCodes }).map(([kind, code]) => `${code} ${kind}`)
  return {
    flags: textOf(flagLines(commands)),
    'json-fields': textOf(jsonFieldLines(root)),
    'exit-codes': textOf(codes),
    help: textOf(await helpLines(root, commands)),
  }
}

/** What was promised when the snapshots were written, and what the changelog said then. */
export interface Promised {
  readonly contract: Contract
  readonly changelog: string
}

const folderOf = (root: string) => join(root, 'test', 'contract', 'snapshots')
export const snapshotFile = (root: string, part: string) => join(folderOf(root), `${part}.txt`)

export function promisedIn(root: string): Promised {
  const read = (part: string) => readFileSync(snapshotFile(root, part), 'utf8')
  const texts = Object.fromEntries(parts.map((part) => [part, read(part)]))
  return { contract: texts as Contract, changelog: read('changelog').trim() }
}

/** The lines under the first heading of the changelog, as one short word; undefined where there are none. */
export function changelogMark(changelog: string): string | undefined {
  const [, newest = ''] = changelog.split(/^## .*$/m)
  if (!/^- /m.test(newest)) return undefined
  return createHash('sha256').update(newest.trim().replace(/\s+/g, ' ')).digest('hex').slice(0, 16)
}

/** The parts that are no longer what was promised. */
export function changedParts(now: Contract, promised: Contract): readonly string[] {
  return parts.filter((part) => now[part] !== promised[part])
}

/** Whether the snapshots may be written anew: a change of what is promised needs a line in the changelog. */
export function mayBeWritten(now: Contract, promised: Promised, mark: string | undefined): boolean {
  return changedParts(now, promised.contract).length === 0 || (mark !== undefined && mark !== promised.changelog)
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`
}
