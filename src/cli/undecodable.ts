import { environmentName } from './flags/flag.ts'
import { wasUtf8 } from './values/valid-text.ts'

interface Said {
  readonly flags: Readonly<Record<string, unknown>>
  readonly typed: ReadonlySet<string>
  readonly words: readonly string[]
}

const ways: Readonly<Record<string, readonly string[]>> = {
  password: ['--password-file takes any bytes'],
  message: ['publish bytes with -f or -s'],
}

/** One place for every text: what was not UTF-8 in argv or in a variable must not be sent, opened or looked up as U+FFFD. */
export function refuseUndecodable({ flags, typed, words }: Said): void {
  for (const [name, value] of Object.entries(flags)) {
    for (const text of [value].flat()) {
      if (typeof text === 'string')
        wasUtf8(text, typed.has(name) ? `--${name}` : environmentName(name), ...(ways[name] ?? []))
    }
  }
  words.forEach((word, index) => {
    wasUtf8(word, `word ${index + 1}`, 'check the encoding of the terminal or script', 'publish bytes with -f or -s')
  })
}
