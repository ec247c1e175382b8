import type { ComparisonSettings, Gate } from '../../../features/bench/compare/settings.ts'
import type { SideName } from '../../../features/bench/duet/settings.ts'
import type { BenchMode } from '../../../features/bench/settings.ts'
import type { duetFlags } from '../../flags/bench-duet.ts'
import type { FlagValues } from '../../flags/flag.ts'
import { usageError } from '../../usage-error.ts'
import { brokerUrl, listedUrls } from '../../values/broker-url.ts'
import { positiveDurationMs } from '../../values/duration.ts'
import { integer } from '../../values/integer.ts'
import { type Input, read, saidAs } from '../input.ts'
import type { PasswordSource } from '../login.ts'
import { type BenchCommandSettings, benchSettingsFrom } from './bench.ts'
import { gateBounds, gateOf } from './compare.ts'

export type DuetInput = Input<FlagValues<typeof duetFlags>>

type DuetMode = Exclude<BenchMode, 'sub'>

/** The load of A, and what makes a duet of it. */
export interface DuetCommandSettings extends BenchCommandSettings {
  readonly duet: {
    readonly rounds: number
    readonly isSelf: boolean
    readonly seed?: number
    readonly comparison: Omit<ComparisonSettings, 'isPaired'>
    readonly gate: Gate
    readonly brokerCommands: Readonly<Partial<Record<SideName, string>>>
    readonly answersWithinMs: number
    readonly beforeRound?: string
  }
  /** The same load on B. */
  readonly b: Omit<BenchCommandSettings, 'passwordSource'>
  /** The one in the URL of B, the same as for A, or none. */
  readonly passwordOfB?: { readonly text: string } | 'as A'
}

const modes: readonly DuetMode[] = ['pubsub', 'pub', 'rpc', 'conn']
/** Whether the machine stayed itself decides what a change is worth: here it is asked without being told to. */
const defaultRulerSeconds = '2'
const defaultUrl = 'mqtt://localhost:1883'
const defaultRounds = 10
const mostRounds = 1000
const defaultAnswersWithinMs = 30_000

export function duetSettingsFrom(input: DuetInput): DuetCommandSettings {
  const { flags } = input
  const mode = modeOf(input.words)
  refuseSelfAndOther(input)
  const isSelf = flags.aa === true
  const { a: urlOfA = defaultUrl, b: urlOfB = urlOfA } = flags
  const a = sideSettings(input, mode, urlOfA, saidAs(input, 'a'))
  const { passwordSource, ...b } = sideSettings(input, mode, urlOfB, saidAs(input, 'b'))
  const askFor = [...new Set([a.askFor, b.askFor].flatMap((each) => each ?? []))].join(', ')
  const seed = read(input, 'seed', (text, flag) => integer(text, flag, { minimum: 0, maximum: 2 ** 32 - 1 }))
  const brokerCommands = {
    ...(flags['a-cmd'] !== undefined && { a: flags['a-cmd'] }),
    ...(isSelf ? flags['a-cmd'] !== undefined && { b: flags['a-cmd'] } : flags['b-cmd'] && { b: flags['b-cmd'] }),
  }
  return {
    ...a,
    files: { ...a.files, ...(flags.comment !== undefined && { comment: flags.comment }) },
    ...(askFor !== '' && { askFor }),
    notes: [...new Set([...a.notes, ...b.notes])],
    b,
    ...passwordOfB(passwordSource, a.passwordSource),
    duet: {
      rounds:
        read(input, 'rounds', (text, flag) => integer(text, flag, { minimum: 1, maximum: mostRounds })) ??
        defaultRounds,
      isSelf,
      ...(seed !== undefined && { seed }),
      comparison: gateBounds(input),
      gate: gateOf(input),
      brokerCommands,
      answersWithinMs: read(input, 'start-timeout', positiveDurationMs) ?? defaultAnswersWithinMs,
      ...(flags['before-round'] !== undefined && { beforeRound: flags['before-round'] }),
    },
  }
}

function modeOf([word = 'pubsub', ...others]: readonly string[]): DuetMode {
  const mode = modes.find((each) => each === word)
  if (mode !== undefined && others.length === 0) return mode
  const wrong = mode === undefined ? word : others[0]
  throw usageError(`bench duet has no load ${JSON.stringify(wrong)}`, `give one of ${modes.join(', ')}, or none`)
}

function refuseSelfAndOther({ flags }: DuetInput): void {
  const { b, aa = false } = flags
  const commandOfB = flags['b-cmd']
  if (aa && (b !== undefined || commandOfB !== undefined)) {
    throw usageError('--aa holds A against itself, and another broker is named too', 'leave out --aa, or B')
  }
  if (aa || b !== undefined) return
  throw usageError('bench duet needs two brokers', 'give --a URL and --b URL, or --aa for how much runs vary here')
}

/** The load as `bench` reads it, at the broker of this side. What says elsewhere where the broker is has no part in it. */
function sideSettings(input: DuetInput, mode: DuetMode, url: string, flag: string): BenchCommandSettings {
  for (const each of listedUrls(url)) brokerUrl(each, flag) // told by the flag that was typed
  const typed = new Set([...input.typed, 'url'])
  const { ruler = defaultRulerSeconds, ...flags } = input.flags
  return benchSettingsFrom({ ...input, words: [], typed, flags: { ...flags, ruler, url } }, mode)
}

/** Only a URL can make a difference: every other source is a flag, and they have the flags in common. */
function passwordOfB(b: PasswordSource | undefined, a: PasswordSource | undefined) {
  if (b === undefined) return {}
  const isOwn = b.from === 'text' && !(a?.from === 'text' && a.text === b.text)
  return { passwordOfB: isOwn ? { text: b.text } : ('as A' as const) }
}
