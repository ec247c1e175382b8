import assert from 'node:assert/strict'
import { test } from 'node:test'
import { monotonicMicroseconds, monotonicMs, processFigures } from '../../src/connection/clock.ts'

test('fault 37: the clock does not follow the wall clock', (t) => {
  const realNow = Date.now
  t.after(() => {
    Date.now = realNow
  })
  const beforeMs = monotonicMs()
  const beforeMicroseconds = monotonicMicroseconds()

  Date.now = () => realNow() + 86_400_000

  assert.ok(monotonicMs() - beforeMs < 60_000)
  assert.ok(monotonicMicroseconds() - beforeMicroseconds < 60_000_000)
})

test('microseconds and milliseconds are the same clock', () => {
  const ms = monotonicMs()
  const microseconds = monotonicMicroseconds()

  assert.ok(microseconds >= ms * 1000 && microseconds < (ms + 10_000) * 1000)
})

test('process figures grow with the work that is done', () => {
  const before = processFigures()

  const kept = Buffer.alloc(32 * 1024 * 1024, 1)
  const after = processFigures()

  assert.ok(
    after.cpuUserMicroseconds + after.cpuSystemMicroseconds > before.cpuUserMicroseconds + before.cpuSystemMicroseconds,
  )
  assert.ok(after.residentBytes > before.residentBytes - kept.length)
  assert.ok(after.heapUsedBytes > 0)
})
