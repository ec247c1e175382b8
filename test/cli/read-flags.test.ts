import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { subFlags } from '../../src/cli/flags/subscribe.ts'
import { prepareArgv } from '../../src/cli/prepare-argv.ts'
import { readFlags, refuseFurtherWords } from '../../src/cli/read-flags.ts'
import { MqttCliError } from '../../src/errors.ts'

function read(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { flags, typed } = readFlags(prepareArgv(argv, subFlags), subFlags, environment)
  return { flags: { ...flags }, typed: [...typed] }
}

describe('readFlags', () => {
  test('gives texts, lists and switches by their long names', () => {
    assert.deepEqual(read(['-h', 'broker', '-t', 'a', '-t', 'b', '-v', '--no-nodelay']), {
      flags: { host: 'broker', topic: ['a', 'b'], verbose: true, nodelay: false },
      typed: ['host', 'topic', 'verbose', 'nodelay'],
    })
  })

  test('takes from the environment what was not typed, a list as a list of one', () => {
    const environment = {
      MQTT_CLI_HOST: 'from-env',
      MQTT_CLI_PORT: '1884',
      MQTT_CLI_TOPIC: 'a b',
      MQTT_CLI_VERBOSE: 'Yes',
    }

    assert.deepEqual(read(['-p', '1885'], environment), {
      flags: { host: 'from-env', port: '1885', topic: ['a b'], verbose: true },
      typed: ['port'],
    })
  })

  for (const [text, isOn] of [
    ['1', true],
    ['TRUE', true],
    ['y', true],
    ['0', false],
    ['no', false],
    ['on', false],
  ] as const) {
    test(`a switch whose variable is ${text} is ${isOn ? 'on' : 'off'}`, () => {
      assert.deepEqual(read([], { MQTT_CLI_VERBOSE: text }).flags, { verbose: isOn })
    })
  }

  test('an empty variable counts as not set', () => {
    assert.deepEqual(read([], { MQTT_CLI_HOST: '', MQTT_CLI_TOPIC: '', MQTT_CLI_VERBOSE: '' }).flags, {})
  })

  test('a value that reads like a place is the text that was typed', () => {
    assert.deepEqual(read(['-h', '--help', '-u', 'a=b']).flags, { host: '--help', username: 'a=b' })
  })
})

describe('refuseFurtherWords', () => {
  test('lets as many pass as there may be', () => {
    assert.doesNotThrow(() => refuseFurtherWords(['a', 'a', 'b', '-x'], 4))
  })

  test('refuses more, and names them', () => {
    const isUsage = (error: unknown) => error instanceof MqttCliError && error.kind === 'usage'

    assert.throws(
      () => refuseFurtherWords(['a', 'b', 'c', 'd'], 2),
      (error) => isUsage(error) && /c, d/.test(String(error)),
    )
  })
})
