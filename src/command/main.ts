import type { CommandClass } from './base-command.ts'

/** Command classes by oclif id (`inspect:decode`), each evaluated when its property is first read. */
export type CommandTable = Readonly<Record<string, CommandClass>>

/**
 * Runs what was typed. A known command runs straight from the table: oclif makes the help and the manifest of it, and is
 * loaded for nothing else.
 */
export async function main(root: string, commands: CommandTable, argv: readonly string[]): Promise<void> {
  const found = findCommand(commands, argv)
  if (found === undefined) {
    const { withoutCommand } = await import('./root-help.ts')
    return withoutCommand(root, Object.keys(commands), argv)
  }
  const { CommandClass, id, rest } = found
  await new CommandClass(rest, { root, id }).execute()
}

/** The longest run of leading words that names a command: `inspect decode x` is `inspect:decode` before it is `inspect`. */
function findCommand(commands: CommandTable, argv: readonly string[]) {
  for (let words = Math.min(2, argv.length); words > 0; words--) {
    const id = argv.slice(0, words).join(':')
    const CommandClass = Object.hasOwn(commands, id) ? commands[id] : undefined
    if (CommandClass !== undefined) return { CommandClass, id, rest: argv.slice(words) }
  }
  return undefined
}
