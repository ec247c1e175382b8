import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { epochMicroseconds } from '../../../../src/connection/clock.ts'
import { Pacer } from '../../../../src/features/bench/pace/pacer.ts'
import {
  NodePrecisionTimer,
  type PrecisionTimer,
  ThreadPrecisionTimer,
} from '../../../../src/features/bench/pace/precision-timer.ts'
import { benchContext } from '../../../support/bench/bench-settings.ts'

const { threadFiles } = benchContext(1, {})
/** A call of a timer may come within the millisecond before. */
const kinds: ReadonlyArray<
  readonly [name: string, make: (tick: () => void) => PrecisionTimer, earlyMicroseconds: number]
> = [
  ['a timer', (tick) => new NodePrecisionTimer(tick), 1000],
  ['a thread', (tick) => new ThreadPrecisionTimer(threadFiles.precisionTimer, tick), 0],
]

for (const [name, make, earlyMicroseconds] of kinds) {
  describe(`a precision timer of ${name}`, () => {
    test('calls when the time has come, and not before, as often as it is asked', async (t) => {
      let called: (at: number) => void = () => {}
      const precisionTimer = make(() => called(epochMicroseconds()))
      t.after(() => precisionTimer.close())

      for (const afterMicroseconds of [20_000, 3000, 200, 0, -50, 1500]) {
        const due = epochMicroseconds() + afterMicroseconds
        const at = await new Promise<number>((resolve) => {
          called = resolve
          precisionTimer.callAt(due)
        })

        assert.ok(at >= due - earlyMicroseconds, `${due - at} µs early`)
      }
    })

    test('goes by the last time that it was given, an earlier one too', async (t) => {
      let called = () => {}
      const precisionTimer = make(() => called())
      t.after(() => precisionTimer.close())
      const began = epochMicroseconds()

      await new Promise<void>((resolve) => {
        called = resolve
        precisionTimer.callAt(began + 3_600_000_000)
        precisionTimer.callAt(began + 5000)
      })

      assert.ok(epochMicroseconds() - began < 60_000_000)
    })

    test('calls nobody any more when it is cancelled or closed', async (t) => {
      let calls = 0
      const count = () => {
        calls++
      }
      const [cancelled, closed] = [make(count), make(count)]
      t.after(() => cancelled.close())
      cancelled.callAt(epochMicroseconds() + 10_000)
      closed.callAt(epochMicroseconds() + 10_000)
      cancelled.cancel()
      await closed.close()

      let called = () => {}
      const later = make(() => called())
      t.after(() => later.close())
      await new Promise<void>((resolve) => {
        called = resolve
        later.callAt(epochMicroseconds() + 30_000)
      })

      assert.equal(calls, 0)
    })
  })
}

describe('a pacer', () => {
  /** Due every 100 µs; says when it was asked. */
  const publisher = (dueMicroseconds: number) => ({ dueMicroseconds, sent: [] as number[], isFinished: false })

  test('sends what is due in its order, and finishes who has nothing left before the end', async (t) => {
    const start = epochMicroseconds()
    const log: string[] = []
    const paced = ['a', 'b', 'c'].map((name, index) => ({
      ...publisher(1000 + index * 100),
      sendDue() {
        log.push(name)
        this.dueMicroseconds += 1000
        return true
      },
      finish() {
        this.isFinished = true
      },
    }))
    const precisionTimer = new ThreadPrecisionTimer(threadFiles.precisionTimer, () => pacer.tick())
    t.after(() => precisionTimer.close())
    const pacer = new Pacer(start, start + 5050, precisionTimer)

    pacer.start(paced)
    while (!paced.every(({ isFinished }) => isFinished)) await new Promise((resolve) => setImmediate(resolve))

    assert.equal(log.filter((name) => name === 'a').length, 5)
    assert.equal(log.filter((name) => name === 'c').length, 4)
    assert.deepEqual(log.slice(0, 3), ['a', 'b', 'c'])
  })

  test('waits for nobody who is gone, and has nothing due any more', async (t) => {
    const start = epochMicroseconds()
    const precisionTimer = new ThreadPrecisionTimer(threadFiles.precisionTimer, () => {})
    t.after(() => precisionTimer.close())
    const pacer = new Pacer(start, start + 60_000_000, precisionTimer)
    const gone = { ...publisher(30_000_000), sendDue: () => true, finish() {} }
    pacer.start([gone])

    gone.dueMicroseconds = Number.POSITIVE_INFINITY

    assert.doesNotThrow(() => pacer.tick())
  })
})
