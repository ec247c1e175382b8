import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '@oclif/core'
import { Config } from '@oclif/core/config'
import { Help } from '@oclif/core/help'

/** oclif's help from the manifest, as text: about one command, or about all of them. */
export async function helpText(root: string, id: string | undefined): Promise<string> {
  const help = new CommandLineHelp(await loadConfig(root), { flagSortOrder: 'none' })
  await help.showHelp(id === undefined ? [] : id.split(':'))
  return `${help.text.trimEnd()}\n`
}

/** `mqtt-cli/0.1.0 linux-x64 node-v20.19.0`: what a report of a bug wants to know. */
export async function versionText(root: string): Promise<string> {
  return `${(await loadConfig(root)).userAgent}\n`
}

async function loadConfig(root: string): Promise<Config> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Config.load({ root, pjson })
}

/** Two examples, since a command's own flags may have a prefix that shared ones have not. */
function environmentNote({ flags }: Command.Loadable): string {
  const settable = Object.values(flags).filter(({ env }) => env !== undefined)
  const examples = [settable.at(0), settable.at(-1)].map((flag) => `--${flag?.name} is ${flag?.env}`)
  return `Each option has an environment variable: ${examples.join(', ')}.`
}

const rootNote = (bin: string) => `${bin} help COMMAND says more about one of them.`

/** Collects what oclif would print, and says once what oclif would say at every option. */
class CommandLineHelp extends Help {
  text = ''

  protected override log(...lines: string[]): void {
    this.text += `${lines.join(' ')}\n`
  }

  protected override formatCommand(command: Command.Loadable): string {
    const flags = Object.entries(command.flags)
      .map(([name, flag]) => [name, { ...flag, env: undefined }] as const)
      .sort(([, left], [, right]) => Number(right.char !== undefined) - Number(left.char !== undefined))
    const more = command.strict === false ? '...' : ''
    const words = Object.values(command.args).map((arg) => `[${arg.name.toUpperCase()}${more}]`)
    const usage = [command.id.replaceAll(':', ' '), ...words, '[OPTIONS]'].join(' ')
    const quieter = { ...command, usage, flags: Object.fromEntries(flags) }
    return `${super.formatCommand(quieter).trimEnd()}\n\n${environmentNote(command)}`
  }

  protected override formatCommands(commands: Command.Loadable[]): string {
    return `${super.formatCommands(commands)}\n\n${rootNote(this.config.bin)}`
  }
}
