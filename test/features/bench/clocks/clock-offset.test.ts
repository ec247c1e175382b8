import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clockOffsetOver } from '../../../../src/features/bench/clocks/clock-offset.ts'
import { offsetBounds, type RoundTrip } from '../../../../src/features/bench/clocks/round-trip.ts'

const begin = 1_795_635_583_000_000
const minute = 60_000_000

interface Machines {
  /** Their clock less ours, by the true time in microseconds since the begin. */
  readonly offset: (at: number) => number
  readonly wayThere: (trip: number) => number
  readonly wayBack: (trip: number) => number
}

/** Round trips as two machines record them, of which we know what nobody on them knows: the true time. */
function recorded({ offset, wayThere, wayBack }: Machines, from: number, trips = 16): RoundTrip[] {
  return Array.from({ length: trips }, (_, index) => {
    const asked = from + index * 10_000
    const heard = asked + wayThere(index)
    const answered = heard + 40
    const back = answered + wayBack(index)
    return {
      asked: begin + asked,
      heard: begin + heard + offset(heard),
      answered: begin + answered + offset(answered),
      back: begin + back,
    }
  })
}

function lookAt(machines: Machines, at: number) {
  return { atMicroseconds: begin + at, bounds: offsetBounds(recorded(machines, at))! }
}

function estimated(machines: Machines) {
  const { offsetMicroseconds, errorMicroseconds, driftPerMillion } = clockOffsetOver(
    lookAt(machines, 0),
    lookAt(machines, minute),
  )
  assert.ok(offsetMicroseconds !== null && errorMicroseconds !== null && driftPerMillion !== null)
  return { offsetMicroseconds, errorMicroseconds, driftPerMillion }
}

/** The largest difference of the truth from the estimate, over a minute. */
function furthest(machines: Machines, offsetMicroseconds: number): number {
  const moments = Array.from({ length: 61 }, (_, second) => second * 1e6)
  return Math.max(...moments.map((at) => Math.abs(machines.offset(at) - offsetMicroseconds)))
}

const steady = { wayThere: () => 200, wayBack: () => 200 }
/** A path that is loaded and jitters: one way in five is quick. */
const jittery = (trip: number) => 180 + ((trip * 7) % 5) * 900

describe('the offset of another clock is within its stated error', () => {
  const rows: readonly (readonly [name: string, machines: Machines, errorAtMost: number])[] = [
    ['half a second ahead', { ...steady, offset: () => 500_000 }, 201],
    ['half a second behind', { ...steady, offset: () => -500_000 }, 201],
    ['equal', { ...steady, offset: () => 0 }, 201],
    ['on a path that jitters', { wayThere: jittery, wayBack: jittery, offset: () => 1234 }, 181],
    ['on a path that is slow one way', { wayThere: () => 8000, wayBack: () => 200, offset: () => -70 }, 4101],
    ['on a path that is slow the other way', { wayThere: () => 100, wayBack: () => 5000, offset: () => 70 }, 2551],
    ['gaining 50 µs a second', { ...steady, offset: (at) => 300 + at * 50e-6 }, 3300],
    ['losing 20 µs a second', { ...steady, offset: (at) => -at * 20e-6 }, 1500],
    ['slewed in the first half and then steady', { ...steady, offset: (at) => Math.min(at, minute / 2) * 1e-4 }, 3300],
  ]
  for (const [name, machines, errorAtMost] of rows) {
    test(name, () => {
      const { offsetMicroseconds, errorMicroseconds } = estimated(machines)

      assert.ok(
        furthest(machines, offsetMicroseconds) <= errorMicroseconds,
        `${offsetMicroseconds} ±${errorMicroseconds}`,
      )
      assert.ok(errorMicroseconds <= errorAtMost, `±${errorMicroseconds}`)
    })
  }

  test('and the error is no smaller than half of the quickest way there and back', () => {
    const { errorMicroseconds } = estimated({ ...steady, offset: () => 77 })

    assert.ok(errorMicroseconds >= 200)
  })
})

describe('drift', () => {
  test('is told in microseconds a second', () => {
    const { driftPerMillion } = estimated({ ...steady, offset: (at) => at * 50e-6 })

    assert.ok(Math.abs(driftPerMillion - 50) < 0.1, String(driftPerMillion))
  })

  test('is not measured where nobody answered after the load, and neither is the error', () => {
    const known = clockOffsetOver(lookAt({ ...steady, offset: () => 300 }, 0), undefined)

    assert.deepEqual(known, { offsetMicroseconds: 300, errorMicroseconds: null, driftPerMillion: null })
  })
})

test('a clock that is set between two questions leaves both offsets possible', () => {
  const machines = { ...steady, offset: (at: number) => (at < 80_000 ? 0 : 30_000) }

  const { lowestMicroseconds, highestMicroseconds } = offsetBounds(recorded(machines, 0))!

  assert.ok(lowestMicroseconds <= 0 && highestMicroseconds >= 30_000)
})

test('where nobody answered nothing is known', () => {
  assert.equal(offsetBounds([]), undefined)
})
