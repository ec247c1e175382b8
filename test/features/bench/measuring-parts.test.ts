import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BucketCounts } from '../../../src/features/bench/counters/bucket-counts.ts'
import { LatencyRecorder } from '../../../src/features/bench/counters/latency-recorder.ts'
import { figuresOfSecond } from '../../../src/features/bench/counters/second-figures.ts'
import { Arrival, SequenceTrack } from '../../../src/features/bench/messages/sequence-track.ts'
import { StampReader, writeStamp, writeStampHead } from '../../../src/features/bench/messages/stamp.ts'
import { expandPlaceholders, filterOfAll } from '../../../src/features/bench/naming/expand-placeholders.ts'
import { arrivalSchedule, RateCurve } from '../../../src/features/bench/pace/arrival-schedule.ts'

describe('the stamp', () => {
  const payload = Buffer.alloc(30)
  writeStampHead(payload, 3, 0x01020304, 0x0a0b0c)
  writeStamp(payload, 3, 0x0102030405, 0x0006_1a2b_3c4d_5e6f, 0x11223344)

  test('lies in 24 bytes: mark, run, publisher, sequence, intended time, delay', () => {
    const expected = 'b79d' + '01020304' + '0a0b0c' + '0102030405' + '1a2b3c4d5e6f' + '11223344'
    assert.equal(payload.subarray(3, 27).toString('hex'), expected)
  })

  test('is read back, and tells the time since it was due', () => {
    const stamp = new StampReader()

    assert.equal(stamp.read(payload, 3, 30), true)
    assert.deepEqual(
      [stamp.runId, stamp.publisher, stamp.sequence, stamp.delayMicroseconds],
      [0x01020304, 0x0a0b0c, 0x0102030405, 0x11223344],
    )
    assert.equal(stamp.elapsedMicroseconds(0x0006_1a2b_3c4d_5e6f + 1234), 1234)
    assert.equal(stamp.elapsedMicroseconds(0x0006_1a2b_3c4d_5e6f - 5), -5)
  })

  test('is not found in text, nor in a payload too short for it', () => {
    const stamp = new StampReader()

    assert.equal(stamp.read(Buffer.from('temperature 21.5 and much more text'), 0, 35), false)
    assert.equal(stamp.read(payload, 3, 26), false)
  })
})

describe('a track of sequences', () => {
  const cases: ReadonlyArray<
    readonly [what: string, order: readonly number[], missing: number, duplicates: number, reordered: number]
  > = [
    ['in order', [0, 1, 2, 3, 4], 0, 0, 0],
    ['the first is missing', [1, 2, 3, 4], 1, 0, 0],
    ['the last two are missing', [0, 1, 2], 2, 0, 0],
    ['two changed places', [0, 2, 1, 3, 4], 0, 0, 1],
    ['one came twice at once', [0, 1, 1, 2, 3, 4], 0, 1, 0],
    ['one came again late', [0, 1, 2, 3, 4, 1], 0, 1, 0],
    ['a late one came twice', [0, 2, 3, 4, 1, 1], 0, 1, 1],
    ['backwards', [4, 3, 2, 1, 0], 0, 0, 4],
    ['nothing', [], 5, 0, 0],
    ['the middle of a gap', [4, 2], 3, 0, 1],
  ]
  for (const [what, order, missing, duplicates, reordered] of cases) {
    test(what, () => {
      const track = new SequenceTrack(0)

      const arrivals = order.map((sequence) => track.arrive(sequence))

      assert.equal(track.missing(0, 5), missing)
      assert.equal(arrivals.filter((each) => each === Arrival.duplicate).length, duplicates)
      assert.equal(arrivals.filter((each) => each === Arrival.reordered).length, reordered)
    })
  }

  test('missing numbers are counted in the range that is asked for', () => {
    const track = new SequenceTrack(0)
    for (const sequence of [0, 3, 4, 9]) track.arrive(sequence)

    assert.equal(track.missing(2, 8), 1 + 3) // 2; 5, 6, 7
    assert.equal(track.missing(0, 12), 2 + 4 + 2)
  })
})

describe('a rate curve', () => {
  test('a constant rate spaces messages evenly', () => {
    const curve = RateCurve.constant(1000, 2000)

    assert.equal(curve.total, 2000)
    assert.deepEqual(
      [0, 1, 500].map((count) => curve.microsecondsOf(count)),
      [0, 1000, 500_000],
    )
    assert.equal(curve.microsecondsOf(2000), Number.POSITIVE_INFINITY)
  })

  test('stages go in a line to their rate', () => {
    const curve = RateCurve.stages([
      { durationMs: 10_000, ratePerSecond: 100 }, // 0 to 100: 500 messages
      { durationMs: 10_000, ratePerSecond: 100 }, // 1000
      { durationMs: 10_000, ratePerSecond: 0 }, // 500
    ])

    assert.equal(curve.total, 2000)
    assert.equal(Math.round(curve.microsecondsOf(125)), 5_000_000) // a quarter of the triangle at half its time
    assert.equal(Math.round(curve.microsecondsOf(500)), 10_000_000)
    assert.equal(Math.round(curve.microsecondsOf(1000)), 15_000_000)
    assert.equal(Math.round(curve.microsecondsOf(1875)), 25_000_000)
  })
})

describe('an arrival schedule', () => {
  const curve = RateCurve.constant(1000, 60_000)
  const firstThree = (publisher: number, arrival: 'uniform' | 'poisson', random: () => number) => {
    const schedule = arrivalSchedule({ curve, publisher, publishers: 2 }, arrival, random)
    return [0, 1, 2].map(() => {
      const due = schedule.dueMicroseconds
      schedule.advance()
      return Math.round(due)
    })
  }

  test('uniform: publishers take turns, evenly over the whole run', () => {
    assert.deepEqual(firstThree(0, 'uniform', Math.random), [0, 2000, 4000])
    assert.deepEqual(firstThree(1, 'uniform', Math.random), [1000, 3000, 5000])
  })

  test('poisson: the gaps are exponential, with the publisher’s share of the rate as their mean', () => {
    const chances = [0.5, 1 - Math.exp(-2), 0]

    assert.deepEqual(
      firstThree(0, 'poisson', () => chances.shift() ?? 0),
      [1386, 5386, 5386],
    ) // 2 ms × ln 2, + 2 × 2 ms, + 0
  })
})

describe('durations', () => {
  test('fall into buckets of three digits, the last one an hour', () => {
    const counts = new BucketCounts()
    for (const value of [0, 2047, 2048, 2049, 4095, 4097, 3_600_000_000, 9e15, -3]) counts.record(value)

    const drained: [number, number][] = []
    counts.drain((value, count) => drained.push([value, count]))

    assert.deepEqual(drained.slice(0, 5), [
      [0, 2],
      [2047, 1],
      [2048, 2],
      [4094, 1],
      [4096, 1],
    ])
    assert.equal(drained[5]?.[1], 2)
    assert.ok(Math.abs((drained[5]?.[0] ?? 0) - 3_600_000_000) < 3_600_000)
    assert.equal(counts.total, 0)
  })

  const mixed = Array.from({ length: 5000 }, (_, n) => ((n * 7919) % 5003) * (n % 3 === 0 ? 1 : n % 7 === 0 ? 911 : 23))
  for (const [what, values] of [
    ['many', mixed],
    ['one', [4097]],
    ['two', [0, 3_600_000_000]],
    ['none', []],
  ] as const) {
    test(`of a second, ${what}, have the figures that the library gives for the whole`, () => {
      const [second, whole] = [new LatencyRecorder(), new LatencyRecorder()]
      for (const value of values) for (const recorder of [second, whole]) recorder.record(value)

      assert.deepEqual(figuresOfSecond([second.endSecond()]), whole.figures)
      assert.deepEqual(second.figures, whole.figures, 'and are in the whole')
      assert.equal(second.endSecond().length, 0)
    })
  }

  test('of a second in two threads are those of one', () => {
    const [one, first, second] = [new LatencyRecorder(), new LatencyRecorder(), new LatencyRecorder()]
    for (const [index, value] of mixed.entries())
      for (const each of [one, index % 2 ? first : second]) each.record(value)

    assert.deepEqual(figuresOfSecond([first.endSecond(), second.endSecond()]), one.figures)
  })

  test('a percentile of many is within a thousandth of the real one', () => {
    const recorder = new LatencyRecorder()
    for (let value = 1; value <= 100_000; value++) recorder.record(value * 7)

    const { count, p50Microseconds, p95Microseconds, p99Microseconds } = recorder.figures

    assert.equal(count, 100_000)
    assert.ok(Math.abs((p50Microseconds ?? 0) / 350_000 - 1) < 0.001, `${p50Microseconds}`)
    assert.ok(Math.abs((p95Microseconds ?? 0) / 665_000 - 1) < 0.001, `${p95Microseconds}`)
    assert.ok(Math.abs((p99Microseconds ?? 0) / 693_000 - 1) < 0.001, `${p99Microseconds}`)
  })
})

describe('a pattern', () => {
  test('has places for client, user, sequence and run', () => {
    const values = { index: 7, clientId: 'c7', username: 'ann', sequence: 3, random: 'ab' }

    assert.equal(expandPlaceholders('x/%i/%c/%u/%s/%r/%%i', values), 'x/7/c7/ann/3/ab/%i')
  })

  test('is subscribed to by a filter that all its topics match', () => {
    assert.equal(filterOfAll('site/%i/room-%s/temp'), 'site/+/+/temp')
  })
})
