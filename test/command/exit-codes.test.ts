import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { exitCodeOf, exitCodes } from '../../src/command/exit-codes.ts'
import { exitStatus } from '../../src/command/exit-status.ts'
import { OutputClosed } from '../../src/command/terminal.ts'
import { type ErrorKind, MqttCliError } from '../../src/errors.ts'

const failed = (kind: ErrorKind) => new MqttCliError(kind, kind)

const promised: ReadonlyArray<readonly [kind: ErrorKind, code: number]> = [
  ['usage', 2],
  ['unreachable', 3],
  ['refused', 4],
  ['lost', 5],
  ['protocol', 6],
  ['local-io', 7],
  ['demand', 9],
  ['invalid-result', 10],
  ['gave-up', 27],
  ['hung-up', 129],
  ['interrupted', 130],
  ['terminated', 143],
]

describe('the exit code', () => {
  for (const [kind, code] of promised) {
    test(`of ${kind} is ${code}`, () => assert.equal(exitCodeOf(failed(kind)), code))
  }

  test('has a row for every kind', () => {
    assert.deepEqual(Object.keys(exitCodes).sort(), promised.map(([kind]) => kind).sort())
  })

  test('of anything else is 1: a bug', () => {
    assert.deepEqual([new Error('x'), 'x', undefined, { kind: 'refused' }].map(exitCodeOf), [1, 1, 1, 1])
  })

  test('is in docs/exit-codes.md', () => {
    const page = readFileSync(new URL('../../docs/exit-codes.md', import.meta.url), 'utf8')

    const rows = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    assert.deepEqual(rows, [0, 1, ...promised.map(([, code]) => code)])
  })
})

describe('a command ends', () => {
  const interrupted = failed('interrupted')
  const full = failed('local-io')
  const lost = { error: failed('lost') }
  const demand = { error: failed('demand') }
  const closed = new OutputClosed('closed')
  const abort = { error: Object.assign(new Error('aborted'), { name: 'AbortError' }) }
  const cases: ReadonlyArray<
    readonly [what: string, reason: unknown, failure: typeof lost | undefined, ending: unknown]
  > = [
    ['well', undefined, undefined, { exitCode: 0 }],
    ['with its error', undefined, lost, { exitCode: 5, report: lost }],
    [
      'with a bug that threw undefined',
      undefined,
      { error: undefined } as never,
      { exitCode: 1, report: { error: undefined } },
    ],
    ['by a signal, quietly', interrupted, undefined, { exitCode: 130 }],
    ['by a signal that it threw on', interrupted, { error: interrupted }, { exitCode: 130 }],
    ['by a signal that stopped one of Node’s functions', interrupted, abort as typeof lost, { exitCode: 130 }],
    ['by a signal, with what that cost', interrupted, lost, { exitCode: 130, report: lost }],
    ['quietly when the reader has gone, whatever followed', closed, lost, { exitCode: 0 }],
    [
      'with what was demanded and did not hold, though the reader has gone',
      closed,
      demand,
      { exitCode: 9, report: demand },
    ],
    ['with the full disk, whatever followed', full, lost, { exitCode: 7, report: { error: full } }],
  ]
  for (const [what, reason, failure, ending] of cases) {
    test(what, () => assert.deepEqual(exitStatus(reason, failure), ending))
  }
})
