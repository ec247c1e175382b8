import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BulkReader } from '../../../src/connection/link/bulk-reader.ts'

/** A reader in a stream that goes faster the longer it sleeps, and what it slept. */
function reading() {
  const naps: number[] = []
  let nowMs = 1000
  const owner = { isOwing: false }
  const reader = BulkReader.forOne((ms) => {
    naps.push(ms)
    nowMs += ms
  })
  let napsSeen = 0
  /** So many reads, this far apart; a read behind a sleep brings what came meanwhile. */
  const read = async (count: number, bytes = 70, apartMs = 0.05) => {
    for (let each = 0; each < count; each++) {
      const slept = naps.length > napsSeen
      napsSeen = naps.length
      nowMs += apartMs
      reader.afterRead(owner, slept ? bytes * 10 : bytes, nowMs)
      await undefined // what the turn set off
      await undefined
    }
  }
  return { owner, naps, read }
}

describe('reading in bulk', () => {
  test('sleeps between the reads of a stream', async () => {
    const { naps, read } = reading()

    await read(2000)

    assert.ok(naps.length > 100, `${naps.length} times`)
  })

  test('never delays messages that are rare', async () => {
    const { naps, read } = reading()

    await read(2000, 70, 2)

    assert.deepEqual(naps, [])
  })

  test('is not for reads that are large already', async () => {
    const { naps, read } = reading()

    await read(2000, 16 * 1024)

    assert.deepEqual(naps, [])
  })

  test('waits for nobody while something is owed', async () => {
    const { owner, naps, read } = reading()
    owner.isOwing = true

    await read(2000)

    assert.deepEqual(naps, [])
  })

  test('sleeps only after what the read has set off: writes that end in this turn, and the answers behind them', async () => {
    const order: string[] = []
    const reader = BulkReader.forOne(() => order.push('sleep'))
    let nowMs = 0

    for (let each = 0; each < 2000 && !order.includes('sleep'); each++) {
      order.length = 0
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          process.nextTick(() => process.nextTick(() => order.push('answer')))
          nowMs += 0.05
          reader.afterRead({ isOwing: false }, 70, nowMs)
          setImmediate(resolve)
        })
      })
    }

    assert.deepEqual(order, ['answer', 'sleep'])
  })
})
