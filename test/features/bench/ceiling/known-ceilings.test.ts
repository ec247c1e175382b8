import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CeilingEvent, CeilingOutcome } from '../../../../src/features/bench/ceiling/events.ts'
import type { CeilingPlan } from '../../../../src/features/bench/ceiling/settings.ts'
import { runMax } from '../../../../src/features/bench/run-max.ts'
import type { Demand } from '../../../../src/features/bench/settings.ts'
import { benchContext } from '../../../support/bench/bench-settings.ts'
import {
  dropping,
  forwardsNothing,
  queueing,
  type Ration,
  startRationedBroker,
} from '../../../support/bench/rationed-broker.ts'

const nothingLost: Demand = { text: 'lost=0', metric: 'lost', comparison: '=', limit: 0, isPercentage: false }
const inTime: Demand = { text: 'p99<250ms', metric: 'p99', comparison: '<', limit: 250_000, isPercentage: false }
const plan: CeilingPlan = {
  mode: 'pubsub',
  axis: 'rate',
  start: 500,
  most: 100_000,
  demands: [nothingLost],
  stepMs: 600,
  holdMs: 1200,
  recoverMs: 20_000,
}

async function searched(ration: Ration, changes: Partial<CeilingPlan>, signal?: AbortSignal) {
  const broker = await startRationedBroker(ration)
  const told: CeilingEvent[] = []
  const context = benchContext(broker, { mode: 'pubsub', quietMs: 100, drainMs: 300, warmupMs: 200 })
  try {
    const asked = { ...context, ...(signal && { signal }), plan: { ...plan, ...changes } }
    return { ...(await runMax({ ...asked, emit: (event) => told.push(event) })), told }
  } finally {
    broker.close()
  }
}

/** On a machine that was too busy to be a generator, 10: then nothing is claimed that the broker does not do. */
function assertFound({ result, failure }: CeilingOutcome, ceiling: number): void {
  const found = result.confirmedRatePerSecond ?? 0
  assert.ok(found <= ceiling * 1.001, `${found} of ${ceiling}`)
  if (failure?.kind === 'invalid-result') return
  assert.equal(failure, undefined)
  assert.ok(found * 1.05 >= ceiling * 0.999, `${found} of ${ceiling}: ${JSON.stringify(result.curve, null, 1)}`)
}

describe('the ceiling of a broker that is known', { concurrency: 3 }, () => {
  test('one that drops what is too much is found within 5 %', async () => {
    const outcome = await searched(dropping(1700), {})

    assertFound(outcome, 1700)
    assert.equal(outcome.result.confirmed?.rates.asked, outcome.result.confirmedRatePerSecond ?? undefined)
  })

  test('one that keeps delivering after a step is found within 5 %, once it is at rest again', async () => {
    const outcome = await searched(queueing(1700), { demands: [inTime] })

    assertFound(outcome, 1700)
    assert.ok(outcome.told.some(({ event }) => event === 'not at rest'))
  })

  test('one that is never good enough has none: 9', async () => {
    const { result, failure, told } = await searched(forwardsNothing, {})

    assert.ok(failure?.kind === 'demand' || failure?.kind === 'invalid-result', `${failure?.message}`)
    assert.ok(!told.some(({ event }) => event === 'not at rest'), 'it is as it was')
    assert.equal(result.confirmedRatePerSecond, null)
    assert.equal(result.confirmed, undefined)
  })
})
