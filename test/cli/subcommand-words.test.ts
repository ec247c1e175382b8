import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseSubcommandWord } from '../../src/cli/subcommand-words.ts'
import { MqttCliError } from '../../src/errors.ts'

const subcommands = ['decode', 'encode', 'file', 'proxy']

function tries(words: readonly string[], takesWords = true): readonly unknown[] | undefined {
  try {
    refuseSubcommandWord(words, { id: 'inspect', subcommands, takesWords })
    return undefined
  } catch (error) {
    assert.ok(error instanceof MqttCliError && error.kind === 'usage')
    return error.details.tries
  }
}

test('a word that is nearly a subcommand gets both spellings', () => {
  const both = ['did you mean mqtt-cli inspect decode …', 'or the topic filter: mqtt-cli inspect -t decoed']
  assert.deepEqual(tries(['decoed']), both)
})

test('a subcommand that stands behind flags gets both spellings', () => {
  const both = ['did you mean mqtt-cli inspect decode …', 'or the topic filter: mqtt-cli inspect -t decode']
  assert.deepEqual(tries(['decode']), both)
})

test('where words mean nothing else, only the subcommand is named', () => {
  assert.deepEqual(tries(['prxoy'], false), ['did you mean mqtt-cli inspect proxy …'])
})

for (const words of [[], ['home/#'], ['files'], ['#'], ['decoed', 'home/#'], ['temperature'], ['a']]) {
  test(`topic filters are let pass: ${words.join(' ')}`, () => assert.equal(tries(words), undefined))
}
