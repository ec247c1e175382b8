import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { numbersIn, numbersInBoth } from '../../../../src/features/bench/messages/sequence-ranges.ts'
import { SequenceTrack } from '../../../../src/features/bench/messages/sequence-track.ts'

const sequences = fc.uniqueArray(fc.nat(60), { maxLength: 60 })

function trackOf(numbers: readonly number[]): SequenceTrack {
  const track = new SequenceTrack(0)
  for (const number of numbers) track.arrive(number)
  return track
}

test('what never came is known by its numbers, in whatever order the others came', () => {
  fc.assert(
    fc.property(sequences, sequences, fc.nat(70), fc.nat(70), (one, other, from, to) => {
      const missing = (numbers: readonly number[]) =>
        Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index).filter((n) => !numbers.includes(n))
      const [left, right] = [one, other].map((numbers) => trackOf(numbers).missingRanges(from, to) ?? [])

      assert.equal(numbersIn(left!), missing(one).length)
      assert.equal(numbersInBoth(left!, right!), missing(one).filter((n) => missing(other).includes(n)).length)
    }),
  )
})

test('where gaps were forgotten nobody says which numbers they were', () => {
  const track = new SequenceTrack(0)
  for (let sequence = 1; sequence < 2 * 65_538; sequence += 2) track.arrive(sequence)

  assert.equal(track.missingRanges(0, 10), undefined)
})
