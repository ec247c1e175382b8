import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MqttCliError } from '../../../../src/errors.ts'
import type { BenchOutcome } from '../../../../src/features/bench/events.ts'
import { type DuetRequest, runDuet } from '../../../../src/features/bench/run-duet.ts'
import { knownRun, timesAround } from '../../../support/bench/known-runs.ts'

const outcome = (microseconds: number, more: Partial<BenchOutcome> = {}): BenchOutcome => ({
  result: knownRun(timesAround(microseconds)),
  seconds: [],
  distributions: {},
  points: {},
  ...more,
})

/** A duet whose parts write down what was done, and how it went. */
function duet(changes: Partial<DuetRequest> = {}) {
  const done: string[] = []
  const kept: string[] = []
  const request: DuetRequest = {
    rounds: 6,
    comparison: { maxRegression: 0.05, gated: ['p50'] },
    gate: 'worse',
    signal: new AbortController().signal,
    emit: () => {},
    before: async ({ side, round }) => void done.push(`before ${side}${round}`),
    stand: async ({ side, round }) => {
      done.push(`start ${side}${round}`)
      return { start: `${side}${round}`, stop: async () => void done.push(`stop ${side}${round}`) }
    },
    run: async ({ side }) => outcome(side === 'a' ? 1000 : 1300),
    keep: async ({ side, round }) => void kept.push(`${side}${round}`),
    ...changes,
  }
  return { done, kept, ended: runDuet(request) }
}

describe('a duet', () => {
  test('has its runs in turns, A B B A, each with a start of its broker and what comes before', async () => {
    const { done, kept, ended } = duet({ rounds: 2 })
    await ended

    assert.deepEqual(kept, ['a1', 'b1', 'b2', 'a2'])
    assert.deepEqual(done.slice(0, 6), ['before a1', 'start a1', 'stop a1', 'before b1', 'start b1', 'stop b1'])
  })

  test('holds B against A, round by round: 30 % slower in six rounds is a failure', async () => {
    const { comparison, failure } = await duet().ended

    const p50 = comparison?.metrics.find(({ metric }) => metric === 'p50')
    assert.equal(p50?.verdict, 'worse')
    assert.ok(p50.kind === 'quantity' && Math.abs(p50.ratio - 1.3) < 0.01)
    assert.equal(failure?.kind, 'demand')
  })

  test('is indicative only with five rounds, and fails nobody', async () => {
    const { comparison, failure } = await duet({ rounds: 5 }).ended

    assert.equal(comparison?.isIndicative, true)
    assert.equal(failure, undefined)
  })

  test('that is stopped in a run leaves that run out, and its other half; the broker is stopped', async () => {
    const stop = new AbortController()
    const { done, kept, ended } = duet({
      signal: stop.signal,
      run: async ({ side, round }) => {
        if (`${side}${round}` === 'a4') stop.abort()
        return outcome(1000)
      },
    })
    const { wholeRounds, runs, comparison, failure } = await ended

    assert.deepEqual(kept, ['a1', 'b1', 'b2', 'a2', 'a3', 'b3', 'b4'])
    assert.equal(runs.length, 7)
    assert.equal(wholeRounds, 3)
    assert.deepEqual(comparison?.rounds, { base: 3, new: 3 })
    assert.equal(failure, undefined)
    assert.equal(done.at(-1), 'stop a4')
  })

  const fault = new MqttCliError('local-io', 'it went wrong')
  const inRoundTwo = async ({ round }: { readonly round: number }) => {
    if (round === 2) throw fault
  }
  for (const [what, changes] of [
    ['what comes before a run', { before: inRoundTwo }],
    ['a start of the broker', { stand: (turn) => inRoundTwo(turn).then(() => ({ start: '', stop: async () => {} })) }],
    ['its end', { stand: async (turn) => ({ start: '', stop: () => inRoundTwo(turn) }) }],
    ['a run', { run: (turn) => inRoundTwo(turn).then(() => outcome(1000)) }],
    ['what keeps the results', { keep: inRoundTwo }],
  ] as readonly (readonly [string, Partial<DuetRequest>])[]) {
    test(`ends where ${what} fails, with what was run until then`, async () => {
      const { wholeRounds, comparison, failure } = await duet(changes).ended

      assert.equal(failure, fault)
      assert.equal(wholeRounds, 1)
      assert.equal(comparison?.rounds.base, 1)
    })
  }

  test('that fails in its first run has nothing to compare', async () => {
    const { comparison, failure, runs } = await duet({ run: () => Promise.reject(fault) }).ended

    assert.equal(failure, fault)
    assert.equal(comparison, undefined)
    assert.deepEqual(runs, [])
  })

  test('tells a refusal in a run before what the comparison says, and goes on', async () => {
    const refused = new MqttCliError('refused', 'The broker refused part of the load')
    const { failure, wholeRounds } = await duet({
      run: async ({ side }) => outcome(side === 'a' ? 1000 : 1300, side === 'b' ? { failure: refused } : {}),
    }).ended

    assert.equal(failure, refused)
    assert.equal(wholeRounds, 6)
  })
})
