import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectTurns } from '../../../../src/features/bench/clients/connect-turns.ts'

const turnsOf = () => new Promise(setImmediate)

test('128 clients of a thread connect again at once, and each that ends lets the next one in', async () => {
  const turns = new ConnectTurns()
  const underWay: Array<{ end: (failed: boolean) => void }> = []
  const open = () =>
    new Promise<void>((resolve, reject) => {
      underWay.push({ end: (failed) => (failed ? reject(new Error('no')) : resolve()) })
    })
  const all = Promise.allSettled(Array.from({ length: 1000 }, () => turns.take(10_000, open)))

  await turnsOf()
  const first = underWay.length
  underWay[0]?.end(false)
  underWay[1]?.end(true)
  await turnsOf()
  const second = underWay.length
  for (let at = 2; at < 1000; at++) {
    underWay[at]?.end(at % 2 === 0)
    await turnsOf()
  }

  assert.deepEqual([first, second], [128, 130])
  assert.equal((await all).length, 1000)
})

test('what is left of the time is what is left when the turn has come', async () => {
  const turns = new ConnectTurns()
  const told: number[] = []
  const ends: Array<() => void> = []
  const holding = Array.from({ length: 128 }, () => turns.take(1000, () => new Promise<void>((end) => ends.push(end))))
  const late = turns.take(1000, async (leftMs) => told.push(leftMs))
  const beganMs = performance.now()
  while (performance.now() - beganMs < 20);

  for (const end of ends) end()
  await Promise.all([...holding, late])

  assert.ok(told[0]! <= 980, `${told[0]} ms`)
})
