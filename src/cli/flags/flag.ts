import type { BooleanFlag, OptionFlag } from '@oclif/core/interfaces'

/** What a flag says about itself; the group adds the environment variable. */
interface FlagText {
  /** Mosquitto's letter, where it has one. */
  readonly letter?: OptionFlag<string>['char']
  /** One line, with the unit. */
  readonly summary: string
  readonly aliases?: readonly string[]
}

interface ValueText extends FlagText {
  /** The name of the value in help: `<seconds>`. */
  readonly value: string
}

/** Beyond what oclif knows of a flag, read by `prepare-argv.ts`. */
export interface ArgvTraits {
  /** The value of the bare flag, so that it never takes the next word: `--trace` is `--trace=text`. */
  readonly bareValue?: string
  /** How many of the words that follow belong to one use of the flag. */
  readonly countWords?: (following: readonly string[]) => number
  /** The switch that is meant when the flag is the last word and its value is missing. */
  readonly lastWordMeans?: string
  /** Typed twice it is a mistake: what it says cannot be done twice, and is not to be lost in silence. */
  readonly onlyOnce?: boolean
}

export type ValueFlag = OptionFlag<string | undefined> & ArgvTraits & { multiple: false }
export type ListFlag = OptionFlag<string[] | undefined> & ArgvTraits & { multiple: true }
export type SwitchFlag = BooleanFlag<boolean> & ArgvTraits

type FlagValue<F> = F extends { multiple: true } ? readonly string[] : F extends { type: 'boolean' } ? boolean : string

/** What a set of flags parses to. Values stay text: `values/` and `settings/` give them meaning. */
export type FlagValues<Flags> = { readonly [Name in keyof Flags]?: FlagValue<Flags[Name]> }

/** A flag with one value; given twice, the last one counts, as with mosquitto. Built by hand: oclif's builders load its help. */
export function valueFlag(text: ValueText, traits: ArgvTraits = {}): ValueFlag {
  return { ...common(text), ...traits, type: 'option', multiple: false, helpValue: `<${text.value}>`, input: [], parse }
}

/** A flag that may be given again and again, one value each time. */
export function listFlag(text: ValueText, traits: ArgvTraits = {}): ListFlag {
  const helpValue = `<${text.value}>`
  return {
    ...common(text),
    ...traits,
    type: 'option',
    multiple: true,
    multipleNonGreedy: true,
    helpValue,
    input: [],
    parse,
  }
}

export function switchFlag(text: FlagText & { readonly allowNo?: boolean }, traits: ArgvTraits = {}): SwitchFlag {
  return {
    ...common(text),
    ...traits,
    type: 'boolean',
    allowNo: text.allowNo === true,
    parse: async (on: boolean) => on,
  }
}

/**
 * Flags that belong together in help, each with its environment variable: `max-inflight` is `MQTT_CLI_MAX_INFLIGHT`. With an
 * owner the variable is that command's alone: where a client finds its broker must not say where a broker listens.
 */
export function flagGroup<Flags extends Record<string, ValueFlag | ListFlag | SwitchFlag>>(
  helpGroup: string,
  flags: Flags,
  owner?: EnvironmentOwner,
): Flags {
  for (const [name, flag] of Object.entries(flags)) {
    flag.helpGroup = helpGroup
    if (name !== 'help') flag.env = environmentName(name, owner)
  }
  return flags
}

/** A command whose flags mean something else than the same names on clients. */
export type EnvironmentOwner = 'broker' | 'demo' | 'proxy'

export function environmentName(flagName: string, owner?: EnvironmentOwner): string {
  const words = owner === undefined ? flagName : `${owner}-${flagName}`
  return `MQTT_CLI_${words.toUpperCase().replaceAll('-', '_')}`
}

const parse = async (text: string) => text

function common(text: FlagText) {
  const { letter, summary, aliases } = text
  return { name: '', summary, ...(letter && { char: letter }), ...(aliases && { aliases: [...aliases] }) }
}
