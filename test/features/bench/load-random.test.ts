import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadRandom } from '../../../src/features/bench/load-random.ts'

const drawn = (random: () => number) => Array.from({ length: 50 }, random)

describe('chance of a load', () => {
  test('is the same in each run that has the seed, and another with another seed', () => {
    const [once, again, other] = [7, 7, 8].map((seed) => drawn(loadRandom({ seed }, 'arrivals', 3)))

    assert.deepEqual(once, again)
    assert.notDeepEqual(once, other)
  })

  test('is another one for each publisher and each purpose, so that one more draw moves nothing else', () => {
    const all = [
      drawn(loadRandom({ seed: 7 }, 'arrivals', 0)),
      drawn(loadRandom({ seed: 7 }, 'arrivals', 1)),
      drawn(loadRandom({ seed: 7 }, 'sizes', 0)),
      drawn(loadRandom({ seed: 7 }, 'numbers', 0)),
    ]

    assert.equal(new Set(all.map(String)).size, 4)
  })

  test('lies between 0 and 1, and is another one each time where there is no seed', () => {
    const [one, other] = [drawn(loadRandom({}, 'sizes')), drawn(loadRandom({}, 'sizes'))]

    assert.ok([...(one ?? []), ...drawn(loadRandom({ seed: 1 }, 'sizes'))].every((each) => each >= 0 && each < 1))
    assert.notDeepEqual(one, other)
  })
})
