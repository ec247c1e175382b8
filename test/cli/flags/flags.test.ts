import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { benchFlags } from '../../../src/cli/flags/bench.ts'
import { duetFlags } from '../../../src/cli/flags/bench-duet.ts'
import { historyFlags } from '../../../src/cli/flags/bench-history.ts'
import { maxFlags } from '../../../src/cli/flags/bench-max.ts'
import { brokerFlags } from '../../../src/cli/flags/broker.ts'
import { compareFlags } from '../../../src/cli/flags/compare.ts'
import { demoFlags } from '../../../src/cli/flags/demo.ts'
import { decodeFlags, encodeFlags, inspectFlags } from '../../../src/cli/flags/inspect.ts'
import { proxyFlags } from '../../../src/cli/flags/proxy.ts'
import { pubFlags } from '../../../src/cli/flags/publish.ts'
import { subFlags } from '../../../src/cli/flags/subscribe.ts'

interface Declared {
  readonly char?: string
  readonly summary?: string
  readonly env?: string
  readonly type: string
  readonly multiple?: boolean
  readonly hidden?: boolean
  readonly aliases?: readonly string[]
}

const commands: Readonly<Record<string, Readonly<Record<string, Declared>>>> = {
  pub: pubFlags,
  sub: subFlags,
  broker: brokerFlags,
  demo: demoFlags,
}

/** The commands whose variables the page lists; `bench` stands for all of its modes. */
const documented: typeof commands = {
  ...commands,
  inspect: inspectFlags,
  'inspect decode': decodeFlags,
  'inspect encode': encodeFlags,
  'inspect proxy': proxyFlags,
  bench: { ...benchFlags, ...maxFlags },
  'bench compare': compareFlags,
  'bench history': historyFlags,
  'bench duet': without(duetFlags, benchFlags),
}

/** What it has beside those of another, which stands for both. */
function without(flags: Readonly<Record<string, Declared>>, others: Readonly<Record<string, Declared>>) {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => others[name] === undefined))
}

/** Mosquitto's letters that both commands share, and each one's own. */
const letters: Readonly<Record<string, readonly string[]>> = {
  pub: [...'AcdDfhiIkLlmMnpPqrstuVWx'],
  sub: [...'AcCdDEFhiIkLNpPqRtTuUvVWx'],
  broker: [...'Adpv'],
  demo: [...'dp'],
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

    test('has its environment variable', () => {
      assert.deepEqual(
        all.map(([name, { env }]) => [name, env?.replace(/^MQTT_CLI_(BROKER|DEMO)_/, 'MQTT_CLI_')]),
        all.map(([name]) => [
          name,
          name === 'help' ? undefined : `MQTT_CLI_${name.toUpperCase().replaceAll('-', '_')}`,
        ]),
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

test('what says where a client finds its broker says nothing to broker and demo', () => {
  const clients = new Set([...Object.values(pubFlags), ...Object.values(subFlags)].map(({ env }) => env))
  const shared = Object.entries({ ...brokerFlags, ...demoFlags }).filter(([, { env }]) => env && clients.has(env))

  assert.deepEqual(shared.map(([name]) => name).sort(), ['debug', 'json', 'no-color', 'quiet', 'trace', 'verbose'])
})

/** The rows that docs/environment.md has to have. */
function rows(): readonly string[] {
  const all = Object.entries(documented).flatMap(([command, flags]) =>
    Object.entries(flags).flatMap(([name, flag]) => (flag.env && !flag.hidden ? [{ command, name, flag }] : [])),
  )
  return [...new Set(all.map(({ flag }) => flag.env))].map((variable) => {
    const having = all.filter(({ flag }) => flag.env === variable)
    const { name, flag } = having[0]!
    const letter = flag.char === undefined ? '' : `, \`-${flag.char}\``
    const value = flag.type === 'boolean' ? 'yes or no' : flag.multiple ? 'one value' : 'value'
    return `| \`${variable}\` | \`--${name}\`${letter} | ${value} | ${having.map(({ command }) => command).join(', ')} |`
  })
}

test('docs/environment.md lists every variable, and none that is not there', () => {
  const page = readFileSync(new URL('../../../docs/environment.md', import.meta.url), 'utf8')

  const listed = page.split('\n').filter((line) => line.startsWith('| `MQTT_CLI_'))
  assert.deepEqual([...listed].sort(), [...rows()].sort())
})
