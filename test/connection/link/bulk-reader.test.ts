import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { BulkReader } from '../../../src/connection/link/bulk-reader.ts'

function reading(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const said: string[] = []
  let isHeld = false
  const transport = { pause: () => said.push('pause'), resume: () => said.push('resume') }
  const reader = new BulkReader(transport, () => isHeld)
  let nowMs = 1000
  /** So many reads of this size, this far apart. */
  const read = (count: number, bytes = 100, apartMs = 0.1) => {
    for (let each = 0; each < count; each++) {
      nowMs += apartMs
      reader.afterRead(bytes, nowMs)
    }
  }
  const hold = () => {
    isHeld = true
  }
  return { reader, said, read, hold, tick: (ms: number) => t.mock.timers.tick(ms) }
}

describe('reading in bulk', () => {
  test('begins when small reads come fast, and lasts a millisecond', (t) => {
    const { said, read, tick } = reading(t)

    read(5)
    const begun = [...said]
    tick(1)

    assert.deepEqual([begun, said], [['pause'], ['pause', 'resume']])
  })

  test('goes on as long as the stream does', (t) => {
    const { said, read, tick } = reading(t)

    read(5)
    tick(1)
    read(1, 100, 1.5) // as the kernel gathered for a millisecond
    tick(1)

    assert.deepEqual(said, ['pause', 'resume', 'pause', 'resume'])
  })

  test('does not pause twice', (t) => {
    const { said, read } = reading(t)

    read(20)

    assert.deepEqual(said, ['pause'])
  })

  test('never delays messages that are rare', (t) => {
    const { said, read } = reading(t)

    read(100, 100, 2)

    assert.deepEqual(said, [])
  })

  test('is not for reads that are large already', (t) => {
    const { said, read } = reading(t)

    read(100, 16 * 1024)

    assert.deepEqual(said, [])
  })

  test('begins anew after a pause in the stream', (t) => {
    const { said, read, tick } = reading(t)
    read(5)
    tick(1)

    read(1, 100, 50)
    read(3)

    assert.deepEqual(said, ['pause', 'resume'])
  })

  test('is off while somebody measures or waits', (t) => {
    const { reader, said, read } = reading(t)
    reader.enabled = false

    read(100)

    assert.deepEqual(said, [])
  })

  test('does not take up reading that something else holds back', (t) => {
    const { said, read, hold, tick } = reading(t)

    read(5)
    hold()
    tick(1)

    assert.deepEqual(said, ['pause'])
  })

  test('leaves no timer behind', (t) => {
    const { reader, said, read, tick } = reading(t)

    read(5)
    reader.stop()
    tick(10)

    assert.deepEqual(said, ['pause'])
  })
})
