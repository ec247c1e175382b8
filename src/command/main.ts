import type { Command } from '@oclif/core'
import { Config } from '@oclif/core/config'

/** Command classes by oclif id (`inspect:decode`), each evaluated when its property is first read. */
export type CommandTable = Readonly<Record<string, new (argv: string[], config: Config) => Command>>

interface Runnable {
  _run(): Promise<unknown>
}

/**
 * Runs what was typed. A known command runs straight from the table: oclif's own way loads its configuration, manifest
 * and hooks first, which costs a one-shot publish more than its connection.
 */
export async function main(root: string, commands: CommandTable, argv: readonly string[]): Promise<void> {
  const found = findCommand(commands, argv)
  if (found === undefined) {
    const { withoutCommand } = await import('./root-help.ts')
    return withoutCommand(root, Object.keys(commands), argv)
  }
  const { CommandClass, rest } = found
  const command = new CommandClass(rest, bareConfig(root))
  await (command as unknown as Runnable)._run()
}

/** The longest run of leading words that names a command: `inspect decode x` is `inspect:decode` before it is `inspect`. */
function findCommand(commands: CommandTable, argv: readonly string[]) {
  for (let words = Math.min(2, argv.length); words > 0; words--) {
    const id = argv.slice(0, words).join(':')
    if (!Object.hasOwn(commands, id)) continue
    const CommandClass = commands[id]
    if (CommandClass === undefined) continue
    ;(CommandClass as { id?: string }).id = id
    return { CommandClass, rest: argv.slice(words) }
  }
  return undefined
}

/** What oclif's Command reads of its configuration while it parses, and nothing that needs a file or a hook. */
function bareConfig(root: string): Config {
  const config = new Config({ root })
  config.bin = 'mqtt-cli'
  config.name = 'mqtt-cli'
  config.root = root
  config.runHook = async () => ({ successes: [], failures: [] })
  return config
}
