import { type EnvironmentOwner, environmentName } from '../flags/flag.ts'

/** What was asked, as text: from argv and, where argv is silent, from the environment. Read once, in `base-command.ts`. */
export interface Input<Values> {
  readonly flags: Values
  /** Positional words in order. */
  readonly words: readonly string[]
  /** Flags that were typed; the others in `flags` come from the environment. */
  readonly typed: ReadonlySet<string>
  /** Whose environment variables they are, when not everybody's. */
  readonly environmentOwner?: EnvironmentOwner
  /** Twelve hexadecimal digits nobody can guess. */
  readonly randomText: () => string
}

type Name<Values> = Extract<keyof Values, string>

/** How the user named it, for errors: `--qos`, or `MQTT_CLI_QOS` when it was not typed. */
export function saidAs<Values>(input: Input<Values>, name: Name<Values>): string {
  return input.typed.has(name) ? `--${name}` : environmentName(name, input.environmentOwner)
}

/** The value of a flag through its reader, or undefined when the user said nothing. */
export function read<Values, Value>(
  input: Input<Values>,
  name: Name<Values>,
  parse: (text: string, saidAs: string) => Value,
): Value | undefined {
  const text = input.flags[name]
  return typeof text === 'string' ? parse(text, saidAs(input, name)) : undefined
}

/** As `read`, for a flag that may be repeated. */
export function readList<Values, Value>(
  input: Input<Values>,
  name: Name<Values>,
  parse: (text: string, saidAs: string) => Value,
): readonly Value[] {
  const texts = input.flags[name]
  const list = Array.isArray(texts) ? (texts as readonly string[]) : []
  return list.map((text) => parse(text, saidAs(input, name)))
}

/** Which of these were asked for. What was typed sets the environment aside: a flag comes before its rivals' variables too. */
export function asked<Values, N extends Name<Values>>(input: Input<Values>, names: readonly N[]): readonly N[] {
  const given = names.filter((name) => input.flags[name] !== undefined && input.flags[name] !== false)
  const typed = given.filter((name) => input.typed.has(name))
  return typed.length > 0 ? typed : given
}

export function isTyped<Values>(input: Input<Values>, name: Name<Values>): boolean {
  return input.typed.has(name)
}
