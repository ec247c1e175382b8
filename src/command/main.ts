// Command: what every command shares while it runs: its life, signals, the terminal, files, and how errors end it. Only here
// may a process exit or print, and only here is it known which flags a command has. The work is a feature's, loaded when it is
// needed; neither mqtt nor chalk is imported. Begin here, go on with `base-command.ts`; `advice.ts` words what helps.

import type { CommandClass } from './base-command.ts'

/** Command classes by oclif id (`inspect:decode`), each evaluated when its property is first read. */
type CommandTable = Readonly<Record<string, CommandClass>>

/**
 * Runs what was typed. A known command runs straight from the table: oclif makes the help and the manifest of it, and is
 * loaded for nothing else.
 */
export async function main(root: string, commands: CommandTable, argv: readonly string[]): Promise<void> {
  const id = commandId(commands, argv)
  const CommandClass = id === undefined ? undefined : commands[id]
  if (id === undefined || CommandClass === undefined) {
    const { rootHelp } = await import('./root-help.ts')
    return rootHelp(root, Object.keys(commands), argv)
  }
  const subcommands = Object.keys(commands).filter((other) => other.startsWith(`${id}:`))
  const place = { root, id, subcommands: subcommands.map((other) => other.slice(id.length + 1)) }
  await new CommandClass(argv.slice(id.split(':').length), place).execute()
}

/** The longest run of leading words that names a command: `inspect decode x` is `inspect:decode` before it is `inspect`. */
export function commandId(commands: CommandTable, argv: readonly string[]): string | undefined {
  const ids = [argv.slice(0, 2), argv.slice(0, 1)].map((words) => words.join(':'))
  return ids.find((id) => Object.hasOwn(commands, id))
}
