import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzCodec } from '../../support/packets/fuzz-codec.ts'

test('fault 45: random and mutated bytes, split anywhere, neither throw nor disagree', () => {
  const seed = Date.now() % 1_000_000_007

  const counts = (() => {
    try {
      return fuzzCodec(seed, (rounds) => rounds < 20_000)
    } catch (cause) {
      throw new Error(`fuzzing with seed ${seed} found something`, { cause })
    }
  })()

  assert.ok(counts.accepted > 500, `${counts.accepted} accepted`)
  assert.ok(counts.refused > 5_000, `${counts.refused} refused`)
})
