import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { environmentName } from '../../../src/cli/flags/flag.ts'
import { pubFlags } from '../../../src/cli/flags/publish.ts'
import { subFlags } from '../../../src/cli/flags/subscribe.ts'

interface Declared {
  readonly char?: string
  readonly summary?: string
  readonly env?: string
  readonly type: string
  readonly multiple?: boolean
  readonly aliases?: readonly string[]
}

const commands: Readonly<Record<string, Readonly<Record<string, Declared>>>> = { pub: pubFlags, sub: subFlags }

/** Mosquitto's letters that both commands share, and each one's own. */
const letters: Readonly<Record<string, readonly string[]>> = {
  pub: [...'AcdDfhiIkLlmMnpPqrstuVx'],
  sub: [...'AcCdDEFhiIkLNpPqRtTuUvVWx'],
}

for (const [command, flags] of Object.entries(commands)) {
  describe(`every flag of ${command}`, () => {
    const all = Object.entries(flags)

    test('says in a sentence what it does', () => {
      assert.deepEqual(
        all.filter(([, { summary = '' }]) => !/^.{8,}\.$/s.test(summary)).map(([name]) => name),
        [],
      )
    })

    test('has its environment twin', () => {
      assert.deepEqual(
        all.map(([, { env }]) => env),
        all.map(([name]) => (name === 'help' ? undefined : environmentName(name))),
      )
    })

    test('has a letter and names of its own', () => {
      const spellings = all.flatMap(([name, { char, aliases = [] }]) => [name, ...aliases, ...(char ? [char] : [])])

      assert.deepEqual(spellings, [...new Set(spellings)])
    })

    test('has mosquitto’s letter, and no other', () => {
      const given = all.flatMap(([, { char }]) => (char === undefined ? [] : [char]))

      assert.deepEqual(given.sort(), [...(letters[command] ?? [])].sort())
    })
  })
}

/** The rows that docs/environment.md has to have. */
function rows(): readonly string[] {
  const names = [...new Set(Object.values(commands).flatMap((flags) => Object.keys(flags)))]
  return names.flatMap((name) => {
    if (name === 'help') return []
    const having = Object.entries(commands).filter(([, flags]) => Object.hasOwn(flags, name))
    const flag = having[0]?.[1][name]
    const letter = flag?.char === undefined ? '' : `, \`-${flag.char}\``
    const value = flag?.type === 'boolean' ? 'yes or no' : flag?.multiple ? 'one value' : 'value'
    return [
      `| \`${flag?.env}\` | \`--${name}\`${letter} | ${value} | ${having.map(([command]) => command).join(', ')} |`,
    ]
  })
}

test('docs/environment.md lists every twin, and none that is not there', () => {
  const page = readFileSync(new URL('../../../docs/environment.md', import.meta.url), 'utf8')

  const listed = page.split('\n').filter((line) => line.startsWith('| `MQTT_CLI_'))
  assert.deepEqual([...listed].sort(), [...rows()].sort())
})
