import type { FlagShape, PreparedArgv } from './prepare-argv.ts'
import { usageError } from './usage-error.ts'

/** A flag as it was declared, and the variable that stands in for it. */
export interface DeclaredFlag extends FlagShape {
  readonly env?: string
}

interface ReadFlags {
  /** By long name: a text, a list of them, or whether a switch is on. What nobody said is not there. */
  readonly flags: Readonly<Record<string, unknown>>
  /** What was typed; the others come from the environment. */
  readonly typed: ReadonlySet<string>
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Gives each flag what argv says of it and, where that is silent, what its variable says. oclif would do the same, and
 * takes 6 ms to be loaded for it: more than a one-shot publish needs for its connection.
 */
export function readFlags(
  prepared: PreparedArgv,
  declared: Readonly<Record<string, DeclaredFlag>>,
  environment: Environment,
): ReadFlags {
  const found = typedFlags(prepared, declared)
  const typed = new Set(Object.keys(found))
  return { flags: { ...environmentFlags(declared, environment, typed), ...found }, typed }
}

/** More positional words than were declared are an error. */
export function refuseFurtherWords(words: readonly string[], mostWords: number): void {
  const extra = words.slice(mostWords)
  if (extra.length === 0) return
  const named = `Unexpected argument${extra.length === 1 ? '' : 's'}: ${extra.join(', ')}`
  throw usageError(named, '--help lists the options')
}

function typedFlags({ typed }: PreparedArgv, declared: Readonly<Record<string, DeclaredFlag>>) {
  const found: Record<string, unknown> = {}
  for (const { name, value } of typed) {
    const earlier = (found[name] ?? []) as readonly unknown[]
    found[name] = declared[name]?.multiple === true ? [...earlier, value] : value
  }
  return found
}

/** An empty variable counts as not set. */
function environmentFlags(
  declared: Readonly<Record<string, DeclaredFlag>>,
  environment: Environment,
  typed: ReadonlySet<string>,
) {
  const found: Record<string, unknown> = {}
  for (const [name, { env, type, multiple }] of Object.entries(declared)) {
    const text = env === undefined || typed.has(name) ? undefined : environment[env]
    if (text === undefined || text === '') continue
    if (type === 'boolean') found[name] = isYes(text)
    else found[name] = multiple === true ? [text] : text
  }
  return found
}

/** What turns a switch on from the environment. */
export function isYes(text: string): boolean {
  return /^(1|true|yes|y)$/i.test(text)
}
