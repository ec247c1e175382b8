import type { AnyFlag, DeclaredCommand } from './commands.ts'

/** A line for every flag of every command: its names, what it takes, how often, and its environment variable. */
export function flagLines(commands: readonly DeclaredCommand[]): readonly string[] {
  return commands.flatMap(({ name, args, strict, flags }) => [
    [name, ...Object.keys(args).map((arg) => `[${arg}${strict ? '' : '…'}]`)].join(' '),
    ...Object.entries(flags)
      .map(([flag, declared]) => `  ${flagLine(flag, declared)}`)
      .sort(),
    '',
  ])
}

function flagLine(name: string, flag: AnyFlag): string {
  const names = [
    `--${name}`,
    ...(flag.aliases ?? []).map((alias) => `--${alias}`),
    ...(flag.char ? [`-${flag.char}`] : []),
  ]
  const words = [
    names.join(' '),
    ...(flag.type === 'boolean' ? switchWords(flag.allowNo === true, name) : valueWords(flag)),
    ...(flag.onlyOnce === true ? ['only once'] : []),
    ...(flag.lastWordMeans === undefined ? [] : [`alone at the end: --${flag.lastWordMeans}`]),
    flag.env ?? 'no variable',
  ]
  return words.join(', ')
}

function switchWords(allowNo: boolean, name: string): readonly string[] {
  return allowNo ? ['switch', `--no-${name}`] : ['switch']
}

function valueWords({
  helpValue,
  multiple,
  bareValue,
  countWords,
}: Exclude<AnyFlag, { type: 'boolean' }>): readonly string[] {
  return [
    `${helpValue}${countWords === undefined ? '' : ' in several words'}`,
    ...(multiple ? ['repeatable'] : []),
    ...(bareValue === undefined ? [] : [`bare: ${bareValue}`]),
  ]
}
