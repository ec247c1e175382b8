import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { type ErrorReport, errorBlock, errorLine } from '../../src/render/error-block.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/error.schema.json', import.meta.url), 'utf8'))
const isValid = new Ajv({ strict: false }).compile(schema)

const full: ErrorReport = {
  kind: 'refused',
  exitCode: 4,
  message: 'The broker refused the connection',
  layer: 'CONNACK',
  reasonCode: 0x87,
  reasonName: 'Not authorized',
  offset: 3,
  statement: '[MQTT-3.2.2-6]',
  causes: ['the user may not', 'the client identifier may not'],
  tries: ['another user'],
  facts: { host: 'broker', port: 1883, unconfirmed: [1, 2] },
}

describe('the block', () => {
  test('says what, where, which code, which rule, why, and what to try', () => {
    assert.equal(
      errorBlock(full, false),
      [
        'error: The broker refused the connection',
        '  at      CONNACK, reason code 0x87 Not authorized',
        '  rule    [MQTT-3.2.2-6], at byte 3',
        '  host    broker',
        '  port    1883',
        '  likely  the user may not',
        '          the client identifier may not',
        '  try     another user',
      ].join('\n'),
    )
  })

  test('is one line when there is no more to say', () => {
    assert.equal(errorBlock({ kind: 'lost', exitCode: 5, message: 'gone' }, false), 'error: gone')
  })

  const hostile = {
    kind: 'refused',
    exitCode: 4,
    message: 'no\x1b]0;x\x07\r\n::set-output name=a::b\u202e',
    layer: 'TLS\n##vso[task.complete]',
    causes: ['first', 'a\n::error::b'],
    tries: ['##[error]c'],
    facts: { topic: '\x9b2J' },
    stack: 'Error: a\n::warning::b\n    at c',
  } as const

  test('fault 51: escapes what would act on a terminal, wherever it stands', () => {
    assert.doesNotMatch(errorBlock(hostile, false), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  })

  test('fault 51: begins no line with a command to a CI runner, and has none of those that act anywhere in a line', () => {
    assert.doesNotMatch(errorBlock(hostile, false), /^\s*::|##\w*\[/m)
  })

  test('fault 26: has no bare control in JSON, and loses nothing there', () => {
    const line = errorLine(hostile)

    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u202e]/)
    assert.equal(JSON.parse(line).message, hostile.message)
  })

  test('is never told by colour alone', () => {
    const colored = errorBlock(full, true)

    assert.notEqual(colored, errorBlock(full, false))
    assert.equal(colored.replace(/\x1b\[\d+m/g, ''), errorBlock(full, false))
  })
})

describe('the JSON line', () => {
  for (const [what, report] of [
    ['with every field', full],
    ['with none but the necessary', { kind: 'lost', exitCode: 5, message: 'gone' }],
    ['of a bug with its stack', { kind: 'bug', exitCode: 1, message: 'x', stack: 'at y' }],
  ] as const) {
    test(`${what} obeys docs/schemas/error.schema.json`, () => {
      const line = errorLine(report)

      assert.ok(!line.includes('\n'))
      assert.ok(isValid(JSON.parse(line)), JSON.stringify(isValid.errors))
    })
  }
})
