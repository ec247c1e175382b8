import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DuetResult } from '../../../../src/features/bench/duet/duet-events.ts'
import { duetLines } from '../../../../src/render/bench/duet/duet-lines.ts'
import { createTheme } from '../../../../src/render/theme.ts'

const result: DuetResult = {
  v: 1,
  type: 'bench-duet',
  mode: 'pubsub',
  load: 'pubsub, saturate',
  runId: '01020304',
  startedAt: '2026-01-02T03:04:05.000Z',
  machine: { cpu: 'a cpu' },
  isSelf: false,
  seed: 7,
  targets: { a: 'mqtt://a', b: 'mqtt://\x1b[2Jb' },
  rounds: { wanted: 10, done: 0 },
  runs: [],
}

describe('a duet in lines', () => {
  test('that ended early is said to be partial, in colour where there is colour', () => {
    const text = duetLines(result, createTheme(true)).join('\n')

    assert.match(text, /partial.*\x1b\[33mit ended before its time: 0 of 10 rounds are whole/)
    assert.doesNotMatch(text, /\\x1b\[33m/)
  })

  test('escapes what comes from outside, and is plain without colour', () => {
    const text = duetLines({ ...result, load: 'a \x1b[31mtopic' }, createTheme(false)).join('\n')

    assert.doesNotMatch(text, /\x1b/)
    assert.match(text, /^load +a \\x1b\[31mtopic, seed 7$/m)
  })
})
