import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { placePattern } from '../../../src/cli/values/place-pattern.ts'
import { MqttCliError } from '../../../src/errors.ts'

type Kind = Parameters<typeof placePattern>[2]

describe('a pattern is taken as it is:', () => {
  const rows: ReadonlyArray<readonly [kind: Kind, text: string]> = [
    ['topic', 'bench/%i/%c/%u/%s/%r/100%%'],
    ['topic', 'p/%i(0..9)/%rand(10)/%%rand_10'],
    ['topic', 'p/%i(x'],
    ['filter', 'bench/%i(1..3)/+/%rand(2)/#'],
    ['client id', 'c-%i-%u-%r'],
    ['will topic', 'gone/%c'],
  ]
  for (const [kind, text] of rows) test(`${kind} ${text}`, () => assert.equal(placePattern(text, '-t', kind), text))
})

describe('a pattern with what is no place is refused:', () => {
  const rows: ReadonlyArray<readonly [kind: Kind, text: string]> = [
    ['topic', 'bench/%rand_10'],
    ['topic', 'bench/%x'],
    ['topic', 'bench/50%'],
    ['topic', 'bench/%I'],
    ['topic', 'bench/%rand()'],
    ['topic', 'bench/%rand(0)'],
    ['topic', 'bench/%rand(1.5)'],
    ['topic', 'bench/%i(9..0)'],
    ['topic', 'bench/%i(0-9)'],
    ['topic', 'bench/%i()'],
    ['topic', 'bench/%🙂'],
    ['filter', 'bench/%s'],
    ['client id', 'c-%c'],
    ['client id', 'c-%rand(10)'],
    ['will topic', 'gone/%s'],
  ]
  for (const [kind, text] of rows) {
    test(`${kind} ${text}`, () => {
      assert.throws(
        () => placePattern(text, '--topic', kind),
        (error) => error instanceof MqttCliError && error.kind === 'usage' && error.message.startsWith('--topic: '),
      )
    })
  }
})
