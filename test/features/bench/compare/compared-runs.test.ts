import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { comparedRuns } from '../../../../src/features/bench/compare/compared-runs.ts'
import { knownRun } from '../../../support/bench/known-runs.ts'

describe('the starts of a broker that runs belong to', () => {
  test('are told by when it says it started, to half a minute, since it says so now and then', () => {
    const at = (time: string, runId: string) => knownRun({ brokerStartedAt: `2026-01-02T${time}Z`, runId })
    const runs = comparedRuns([
      at('03:00:05', '00000001'),
      at('03:10:00', '00000002'),
      at('03:00:00', '00000003'),
      at('03:00:25', '00000004'),
    ])

    const [first, second, third, fourth] = runs.map(({ start }) => start)
    assert.equal(first, third)
    assert.equal(first, fourth)
    assert.notEqual(first, second)
  })

  test('of a broker that does not say are as many as runs', () => {
    const runs = comparedRuns([knownRun({ runId: '00000001' }), knownRun({ runId: '00000002' })])

    assert.equal(new Set(runs.map(({ start }) => start)).size, 2)
  })
})
