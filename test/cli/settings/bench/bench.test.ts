import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { secretsAmong } from '../../../../src/cli/secrets/secrets-among.ts'
import type { MqttCliError } from '../../../../src/errors.ts'
import { refused } from '../../values/refused.ts'
import { benchTyped } from '../typed.ts'

const tcp = (host: string, port: number) => ({ transport: 'tcp', host, port })

describe('hosts of a load', () => {
  const rows: ReadonlyArray<readonly [line: string, targets: readonly unknown[]]> = [
    ['-h a,b', [tcp('a', 1883), tcp('b', 1883)]],
    ['-h a,b:1884,[::1]:1885,fe80::1 -p 7', [tcp('a', 7), tcp('b', 1884), tcp('::1', 1885), tcp('fe80::1', 7)]],
    ['-L mqtt://a:1,mqtts://b', [tcp('a', 1), { transport: 'tls', host: 'b', port: 8883 }]],
  ]
  for (const [line, targets] of rows) {
    test(`${line} are taken in turn`, () => {
      assert.deepEqual(benchTyped(line).bench.clients.targets, targets)
    })
  }

  test('one alone is the connection’s own, with its port', () => {
    const { bench, connection } = benchTyped('-h a:1884')

    assert.equal(bench.clients.targets, undefined)
    assert.deepEqual(connection.target, tcp('a', 1884))
  })

  test('those that are neither here nor private are asked for, and no others', () => {
    assert.equal(benchTyped('-h 127.0.0.1,broker.example.com,10.0.0.1,8.8.8.8').askFor, 'broker.example.com, 8.8.8.8')
    assert.equal(benchTyped('-h 127.0.0.1,broker.example.com --yes').askFor, undefined)
  })

  test('the first URL has the login of all, and every password is a secret', () => {
    const line = '-L mqtt://ann:secret@a,mqtt://b'
    const { connection } = benchTyped(line)

    assert.equal(connection.username, 'ann')
    assert.deepEqual(
      [...new Set(secretsAmong({ url: 'mqtt://ann:first1@a,mqtt://bob:second2@b/x' }))],
      ['first1', 'second2'],
    )
  })
})

test('local addresses are a list', () => {
  assert.deepEqual(benchTyped('--ifaddr 127.0.0.2,::1').bench.clients.localAddresses, ['127.0.0.2', '::1'])
})

describe('sessions that outlive the run', () => {
  const rows: ReadonlyArray<readonly [line: string, notes: number]> = [
    ['--disable-clean-session', 1],
    ['-x -1', 1],
    ['--disable-clean-session -I c-%%%r', 1],
    ['--disable-clean-session -I c%i', 0],
    ['--disable-clean-session -I c%%r', 0],
    ['--disable-clean-session -x 0', 0],
    ['-x 60', 0],
  ]
  for (const [line, notes] of rows) {
    test(`${line}: ${notes === 0 ? 'no note' : 'a note that %r leaves sessions behind'}`, () => {
      const said = benchTyped(line).notes

      assert.equal(said.length, notes)
      assert.equal(said.filter((note) => note.includes('%r')).length, notes)
    })
  }

  for (const line of ['--disable-clean-session -I=', '-x -1 -I=']) {
    test(`${line} is refused, with advice that bench can take`, () => {
      assert.throws(
        () => benchTyped(line),
        ({ kind, details }: MqttCliError) =>
          kind === 'usage' && details.tries?.some((advice) => String(advice).includes('--client-id')) === true,
      )
    })
  }
})

describe('refused before anything is sent:', () => {
  const wrong: ReadonlyArray<readonly [line: string, mode?: 'sub' | 'conn']> = [
    ['-h a,,b'],
    ['-h a:99999'],
    ['-L mqtt://ann:x@a,mqtt://bob:y@b'],
    ['--ifaddr localhost'],
    ['--ifaddr 127.0.0.2,127.0.0.256'],
    ['--ifaddr 127.0.0.2 -A 127.0.0.3'],
    ['--ifaddr 127.0.0.2 --unix /run/broker.sock'],
    ['--size 64 --template x'],
    ['--payload-file a --template x'],
    ['--template %d'],
    ['-I \ufffd'],
    ['--template x', 'sub'],
    ['--payload-file a', 'conn'],
  ]
  for (const [line, mode] of wrong) {
    test(`${mode ?? ''} ${line}`, () => {
      refused(() => benchTyped(line, mode))
    })
  }
})
