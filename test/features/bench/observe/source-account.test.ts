import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SourceAccount } from '../../../../src/features/bench/observe/source-account.ts'

const second = (number: number, messages = 1000, isMeasured = true) => ({ second: number, messages, isMeasured })
const reading = (atSecond: number, cpuSeconds: number, dropped = 0, identity = 'a') => ({
  atMicroseconds: atSecond * 1e6,
  identity,
  cpuMicroseconds: cpuSeconds * 1e6,
  memoryBytes: 1e6 * atSecond,
  dropped: { dropped },
})

describe('what a source told', () => {
  test('is the difference of each second, and what the window used by message', () => {
    const account = new SourceAccount('pid:1')
    account.begin(reading(0, 5, 100))

    account.take(reading(1, 6, 100), second(1, 500, false)) // warm-up
    const told = [account.take(reading(2, 6.25, 110), second(2)), account.take(reading(3, 6.75, 110), second(3))]
    account.end(reading(4, 7, 115))

    assert.deepEqual(
      told.map(({ cpu, memoryBytes, dropped }) => [cpu, memoryBytes, dropped]),
      [
        [0.25, 2e6, 10],
        [0.5, 3e6, 0],
      ],
    )
    const { cpu, cpuMicrosecondsPerMessage, memoryBytes, dropped, firstSecond, lastSecond } = account.figures(0)
    assert.deepEqual([cpu, cpuMicrosecondsPerMessage], [0.375, 375])
    assert.deepEqual(memoryBytes, { atStart: 0, atEnd: 4e6, most: 4e6 })
    assert.deepEqual([dropped, firstSecond, lastSecond], [{ dropped: 15 }, 0, 4])
  })

  test('after a gap has what was used meanwhile, of the messages of that time', () => {
    const account = new SourceAccount('url:x')
    account.begin(reading(0, 0))

    const gap = account.take({ gap: 'HTTP 500' }, second(1))
    account.take({ gap: 'HTTP 500' }, second(2))
    const after = account.take(reading(3, 1.5, 30), second(3))

    assert.deepEqual(gap, { source: 'url:x', cpu: null, memoryBytes: null, dropped: null, gap: 'HTTP 500' })
    assert.deepEqual([after.cpu, after.dropped], [0.5, 30])
    const { cpu, cpuMicrosecondsPerMessage, gaps } = account.figures(0)
    assert.deepEqual([cpu, cpuMicrosecondsPerMessage], [0.5, 500])
    assert.deepEqual(gaps, [{ fromSecond: 0, toSecond: 2, reason: 'HTTP 500' }])
  })

  for (const [what, again] of [
    ['another process', reading(2, 0.2, 3, 'b')],
    ['a counter that is lower', reading(2, 0.2, 3)],
  ] as const) {
    test(`of ${what} begins anew, and no difference is told of two processes`, () => {
      const account = new SourceAccount('pid:1')
      account.begin(reading(0, 5, 100))
      account.take(reading(1, 6, 107), second(1, 100))

      const first = account.take(again, second(2, 999))
      const next = account.take({ ...again, atMicroseconds: 3e6, cpuMicroseconds: 0.7e6 }, second(3, 100))

      assert.deepEqual([first.cpu, first.dropped], [null, 3])
      assert.equal(next.cpu, 0.5)
      const { cpu, cpuMicrosecondsPerMessage, dropped, restarts } = account.figures(0)
      assert.deepEqual([cpu, cpuMicrosecondsPerMessage, dropped, restarts], [0.75, 7500, { dropped: 10 }, 1])
    })
  }

  test('that has no news is neither zero nor a gap', () => {
    const account = new SourceAccount('sys')
    account.begin(reading(0, 0, 4))

    const quiet = account.take(reading(0, 0, 4), second(1))

    assert.deepEqual(quiet, { source: 'sys', cpu: null, memoryBytes: null, dropped: null })
    assert.deepEqual(account.figures(0).gaps, [])
  })

  test('that never told anything has gaps and no figures', () => {
    const account = new SourceAccount('sys')
    account.begin({ gap: 'nothing below $SYS' })
    account.take({ gap: 'nothing below $SYS' }, second(1))

    const { cpu, memoryBytes, dropped, gaps } = account.figures(0)
    assert.deepEqual([cpu, memoryBytes.most, dropped, gaps.length], [null, null, {}, 1])
  })
})
