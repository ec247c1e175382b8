import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { CeilingSearch, type SearchPlan } from '../../../../src/features/bench/ceiling/ceiling-search.ts'
import { contradictions, type Judgement, type SearchStep } from '../../../../src/features/bench/ceiling/search-step.ts'

const plan: SearchPlan = { start: 1000, most: 10_000_000, isWhole: false, mostRests: 30 }
const seconds = { rest: 1, probe: 5, hold: 30, confirm: 30 }

/** A search that has ended, and everything that it asked. */
function searched(broker: (step: SearchStep) => Judgement, changes: Partial<SearchPlan> = {}) {
  const search = new CeilingSearch({ ...plan, ...changes })
  const steps = search.steps()
  const asked: SearchStep[] = []
  for (let next = steps.next(); !next.done; next = steps.next(broker(next.value))) {
    asked.push(next.value)
    assert.ok(asked.length < 2000, 'the search does not end')
  }
  return { search, asked }
}

const holdsUpTo =
  (ceiling: number) =>
  ({ kind, at }: SearchStep): Judgement =>
    kind === 'rest' || at <= ceiling ? 'good' : 'bad'

describe('the search for a ceiling', () => {
  test('finds any ceiling within 5 %, and never above it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 9_000_000, noNaN: true }), (ceiling) => {
        const { search } = searched(holdsUpTo(ceiling))

        assert.ok(search.confirmed !== undefined, `nothing confirmed at ${ceiling}`)
        assert.ok(search.confirmed <= ceiling && search.confirmed * 1.05 >= ceiling * 0.999, `${search.confirmed}`)
        assert.equal(search.end, 'found')
      }),
    )
  })

  test('finds how many clients there may be, to the last one where 5 % is less than one', () => {
    for (const ceiling of [1, 2, 3, 7, 19, 20]) {
      const { search } = searched(holdsUpTo(ceiling), { start: 10, isWhole: true })

      assert.equal(search.confirmed, ceiling)
    }
  })

  test('doubles, halves the gap, holds, confirms, and looks once more at what failed', () => {
    const { asked } = searched(holdsUpTo(3000))

    assert.deepEqual(
      asked.map(({ kind, at }) => (kind === 'rest' ? 'rest' : `${kind} ${at}`)),
      [
        ...['rest', 'probe 1000', 'probe 2000', 'probe 4000', 'rest', 'probe 8000', 'rest'],
        ...['probe 3000', 'probe 3500', 'rest', 'probe 3250', 'rest', 'probe 3130', 'rest'],
        ...['hold 3000', 'confirm 3000', 'probe 3130', 'rest'],
      ],
    )
  })

  test('rests after what was too much until the broker has come back', () => {
    let queue = 0
    const capacity = 1700
    const broker = ({ kind, at }: SearchStep): Judgement => {
      const rate = kind === 'rest' ? 10 : at
      const longest = Math.max(queue, queue + (rate - capacity) * seconds[kind])
      queue = Math.max(0, queue + (rate - capacity) * seconds[kind])
      return longest / capacity < 0.05 ? 'good' : 'bad'
    }

    const { search, asked } = searched(broker)

    assert.ok(search.confirmed! <= capacity * 1.001 && search.confirmed! > capacity / 1.05, `${search.confirmed}`)
    const overshoot = asked.findIndex(({ at }) => at === 4000)
    assert.deepEqual(
      asked.slice(overshoot, overshoot + 9).map(({ kind }) => kind),
      ['probe', ...Array.from({ length: 8 }, () => 'rest')], // (4000 − 1700) × 5 s are there for 6.8 s
    )
    assert.deepEqual(contradictions(search.tried), [])
  })

  test('gives up a broker that does not come back, and says so', () => {
    let isBroken = false
    const { search, asked } = searched(
      ({ at, kind }) => {
        isBroken ||= kind !== 'rest' && at > 3000
        return isBroken ? 'bad' : 'good'
      },
      { mostRests: 4 },
    )

    assert.equal(search.end, 'not rested')
    assert.equal(search.confirmed, undefined)
    assert.deepEqual(
      asked.slice(-5).map(({ kind }) => kind),
      ['probe', 'rest', 'rest', 'rest', 'rest'],
    )
  })

  test('ends where nothing is good enough, at a thousandth of the start', () => {
    const { search } = searched(({ kind }) => (kind === 'rest' ? 'good' : 'bad'))

    assert.equal(search.end, 'never good')
    assert.equal(search.confirmed, undefined)
    assert.ok(Math.min(...search.tried.map(({ at }) => at)) < 1)
    assert.ok(search.tried.length < 15)
  })

  test('goes no further than it may', () => {
    const { search, asked } = searched(holdsUpTo(100_000), { most: 3000 })

    assert.equal(search.confirmed, 3000)
    assert.equal(search.end, 'bound')
    assert.equal(Math.max(...asked.map(({ at }) => at)), 3000)
  })

  test('says that the generator is the limit, with the most that was confirmed below it', () => {
    const { search } = searched(({ kind, at }) => (kind === 'rest' || at <= 5000 ? 'good' : 'unusable'))

    assert.equal(search.end, 'generator')
    assert.ok(search.confirmed! <= 5000 && search.confirmed! > 5000 / 1.06)
  })

  test('takes a window again in which the generator was the limit, and finds the same', () => {
    let take = 0
    const broker = holdsUpTo(3000)
    const { search } = searched((step) => (step.kind !== 'rest' && take++ % 2 === 0 ? 'unusable' : broker(step)))

    assert.equal(search.confirmed, 3000)
    assert.equal(search.end, 'found')
  })

  test('goes back when what passed short windows does not hold, and finds what does', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.15, max: 1, noNaN: true }), (part) => {
        const { search } = searched(({ kind, at }) => {
          if (kind === 'rest') return 'good'
          return at <= (kind === 'probe' ? 3000 : 3000 * part) ? 'good' : 'bad'
        })

        assert.ok(search.confirmed! <= 3000 * part && search.confirmed! >= (3000 * part) / 1.06, `${search.confirmed}`)
        assert.deepEqual(contradictions(search.tried), [])
      }),
    )
  })

  test('opens again what held and was not confirmed', () => {
    let confirms = 0
    const { search } = searched((step) => {
      if (step.kind === 'confirm' && confirms++ === 0) return 'bad'
      return holdsUpTo(3000)(step)
    })

    const lower = search.tried.find(({ kind, at }) => kind === 'confirm' && at < 3000)
    assert.equal(lower?.judgement, 'good')
    assert.equal(search.confirmed, 3000) // what failed once held twice when it was looked at again
    assert.equal(contradictions(search.tried)[0]?.failed.at, 3000)
  })

  test('confirms nothing of a broker that never holds twice', () => {
    const { search } = searched(({ kind }) => (kind === 'confirm' ? 'bad' : 'good'), { most: 4000 })

    assert.equal(search.end, 'not steady')
    assert.equal(search.confirmed, undefined)
    assert.ok(search.tried.length < 60)
  })

  test('is not kept down by one failure on its way up, and reports it', () => {
    const { search } = searched(({ kind, at }) => {
      if (kind === 'rest') return 'good'
      return at <= 10_000 && !(at > 3900 && at < 4100) ? 'good' : 'bad'
    })

    assert.ok(search.confirmed! > 10_000 / 1.05)
    assert.deepEqual(
      contradictions(search.tried).map(({ failed, passed }) => [failed.at, passed.at]),
      [[4000, 8000]],
    )
  })

  test('goes up again when what failed passes a second time', () => {
    let hasFailed = false
    const { search } = searched((step) => {
      const isHiccup = step.at === 3000 && !hasFailed
      hasFailed ||= isHiccup
      return isHiccup ? 'bad' : holdsUpTo(3900)(step)
    })

    assert.ok(search.confirmed! > 3900 / 1.05, `${search.confirmed}`)
    assert.equal(contradictions(search.tried)[0]?.failed.at, 3000)
  })

  test('ends, and claims nothing above the ceiling, whatever windows fail by chance', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (chance) => {
        const { search } = searched((step) => {
          const [{ value = 1 }] = [chance.next()]
          return step.kind !== 'rest' && value < 0.15 ? (value < 0.05 ? 'unusable' : 'bad') : holdsUpTo(5000)(step)
        })

        assert.notEqual(search.end, undefined)
        assert.ok((search.confirmed ?? 0) <= 5000)
      }),
    )
  })
})
