import { nearestWord } from '../cli/nearest-word.ts'
import { usageError } from '../cli/usage-error.ts'
import { exitStatus } from './exit-status.ts'
import { reportError } from './report-error.ts'
import { showHelp } from './show-help.ts'
import { Terminal } from './terminal.ts'

const lists = 'mqtt-cli --help lists the commands'

/** What is said when no command was named: help, the version, or that there is no such command. */
export async function rootHelp(root: string, ids: readonly string[], argv: readonly string[]): Promise<void> {
  const { stdout, stderr, env } = process
  const terminal = new Terminal({ stdout, stderr, environment: env, noColor: argv.includes('--no-color') })
  const end = (stopReason: unknown, failure?: { readonly error: unknown }) => {
    const { exitCode, report } = exitStatus(stopReason, failure)
    process.exitCode = exitCode
    if (report === undefined) return
    reportError(terminal, report.error, { json: argv.includes('--json'), debug: false, quiet: false })
  }
  terminal.onEnd((reason) => end(reason)) // a full disk is told here too
  try {
    await answer(terminal, root, ids, argv)
  } catch (error) {
    end(undefined, { error })
  }
}

async function answer(terminal: Terminal, root: string, ids: readonly string[], argv: readonly string[]) {
  const [first, ...rest] = argv
  if (first === undefined || first === '--help' || first === '-h') return showHelp(terminal, root, undefined)
  if (first === 'help') return showHelp(terminal, root, helpSubject(ids, rest))
  if (first === '--version' || first === '-V' || first === 'version') {
    const { versionText } = await import('./help-text.ts')
    terminal.writeOut(await versionText(root))
    return
  }
  if (first.startsWith('-')) throw usageError(`the command comes before ${first}`, 'mqtt-cli pub --help', lists)
  throw noSuchCommand(ids, argv)
}

function helpSubject(ids: readonly string[], argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith('-'))
  if (words.length === 0) return undefined
  const id = words.join(':')
  if (!ids.some((known) => known === id || known.startsWith(`${id}:`))) throw noSuchCommand(ids, words)
  return id
}

function noSuchCommand(ids: readonly string[], argv: readonly string[]): Error {
  const typed = argv[0] ?? ''
  const nearest = nearestWord(
    typed,
    ids.map((id) => id.split(':')[0] as string),
  )
  const message = `there is no command ${JSON.stringify(typed)}`
  return nearest === undefined ? usageError(message, lists) : usageError(message, `mqtt-cli ${nearest}`, lists)
}
