import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BenchSecond } from '../../../src/features/bench/events.ts'
import { liveLine } from '../../../src/render/bench/live-line.ts'
import { createTheme } from '../../../src/render/theme.ts'
import { seconds } from '../../support/bench/bench-result.ts'

const plain = createTheme(false)

describe('the line of a second on a terminal', () => {
  test('has throughput and p99, each with its course', () => {
    const line = liveLine(seconds, plain, 150)

    assert.match(line, /^ +10 s +measure +█{10} .*999 in .*p50 +800 µs +p99 +11\.0 ms +[▁-█]{10} /)
    assert.match(line, /cpu 10\.0 % +loop 500 µs$/)
  })

  for (const width of [40, 60, 80, 100, 120, 200]) {
    test(`fits into ${width} columns`, () => {
      const many = Array.from({ length: 24 }, () => seconds[9]!)
      const { length } = liveLine([...many, { ...seconds[9]!, received: 9_999_999, offered: 20_000_000 }], plain, width)

      assert.ok(length < width || width < 60, `${length}`)
      assert.ok(length <= 60 || width >= 60, `${length}`)
    })
  }

  test('leaves out what matters least first: at 80 columns throughput, p50 and p99 are there', () => {
    assert.match(liveLine(seconds, plain, 80), /█.* in .*p50.*p99.*[▁-█]/)
  })

  const cases: ReadonlyArray<readonly [what: string, changes: Partial<BenchSecond>, line: RegExp]> = [
    ['what is due and does not leave', { offered: 2000, sent: 500, received: 0, acked: 0 }, /500 out .*2,000 due/],
    ['acknowledgements where nobody subscribes', { received: 0 }, /1,000 acked/],
    ['connections where nothing moves', { offered: 0, sent: 0, received: 0, acked: 0 }, /^ +10 s .*2 connected/],
  ]
  for (const [what, changes, line] of cases) {
    test(`tells ${what}`, () => {
      assert.match(liveLine([{ ...seconds[9]!, ...changes }], plain, 100), line)
    })
  }

  test('has no bars of a p99 that was not measured', () => {
    const { response: _, ...untimed } = seconds[9]!

    assert.doesNotMatch(liveLine([untimed], plain, 120), /p99/)
  })
})
