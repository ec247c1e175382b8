import { join } from 'node:path'
import type { Arg } from '@oclif/core/interfaces'
import { commandFiles } from '../../scripts/command-files.js'
import type { ListFlag, SwitchFlag, ValueFlag } from '../../src/cli/flags/flag.ts'

export type AnyFlag = ValueFlag | ListFlag | SwitchFlag

/** What a command declares of itself. */
export interface DeclaredCommand {
  /** As it is typed: `bench pub`. */
  readonly name: string
  readonly id: string
  readonly args: Readonly<Record<string, Arg<string | undefined>>>
  readonly flags: Readonly<Record<string, AnyFlag>>
  readonly strict: boolean
}

/** Every command, by its file. */
export async function declaredCommands(root: string): Promise<readonly DeclaredCommand[]> {
  const found = await commandFiles()
  const commands = found.map(async ({ file, id }) => {
    const { default: command } = await import(join(root, 'commands', file))
    return { name: id.replaceAll(':', ' '), id, args: command.args, flags: command.flags, strict: command.strict }
  })
  return (await Promise.all(commands)).sort((left, right) => (left.name < right.name ? -1 : 1))
}
