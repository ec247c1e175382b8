import type { FlagValues } from '../flags/flag.ts'
import type { outputFlags } from '../flags/output.ts'
import type { subFlags } from '../flags/subscribe.ts'
import { usageError } from '../usage-error.ts'
import { asked, type Input, isTyped } from './input.ts'

/** How `sub` shows a message. */
export type OutputSettings =
  | { readonly mode: 'plain'; readonly verbose: boolean; readonly endOfLine: boolean; readonly raw: boolean }
  | { readonly mode: 'format'; readonly format: string; readonly endOfLine: boolean; readonly raw: boolean }
  | { readonly mode: 'json' }

/** What the shared output flags ask of every command. */
export interface Reporting {
  readonly json: boolean
  readonly trace?: 'text' | 'json'
}

export function outputSettings(input: Input<FlagValues<typeof subFlags>>): OutputSettings {
  const { flags } = input
  const shapes = asked(input, ['json', 'format', 'verbose', 'no-eol', 'raw'])
  const [other] = shapes.filter((name) => name !== 'json')
  if (shapes.includes('json') && other !== undefined && isTyped(input, 'json') && isTyped(input, other)) {
    throw usageError(`--json is loss-free by itself and --${other} is for people`, 'leave one of them out')
  }
  if (shapes.includes('json')) return { mode: 'json' }
  const shared = { endOfLine: flags['no-eol'] !== true, raw: flags.raw === true }
  if (flags.format !== undefined) return { mode: 'format', format: formatOf(flags.format), ...shared }
  return { mode: 'plain', verbose: flags.verbose === true, ...shared }
}

export function reporting(input: Input<FlagValues<typeof outputFlags>>): Reporting {
  const { json, trace, debug } = input.flags
  if (trace !== undefined && trace !== 'text' && trace !== 'json') {
    throw usageError(`--trace is not a trace format: ${JSON.stringify(trace)}`, 'give --trace=text or --trace=json')
  }
  const asText = debug === true ? 'text' : undefined
  const format = trace ?? asText
  return { json: json === true, ...(format && { trace: format }) }
}

/** `--format json` is how other programs say it; here it would print the word for each message. */
function formatOf(format: string): string {
  if (format !== 'json') return format
  throw usageError(
    '--format json would print that word for each message',
    'for JSON, --json',
    "for the word, --format 'json\\n'",
  )
}
