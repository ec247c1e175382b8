import { ceilingOutcome } from './ceiling/ceiling-result.ts'
import { CeilingSearch } from './ceiling/ceiling-search.ts'
import type { CeilingOutcome } from './ceiling/events.ts'
import { type WindowRequest, WindowRunner } from './ceiling/window-runner.ts'
import { runBench } from './run-bench.ts'
import { runConn } from './run-conn.ts'

/** A rest takes about so long, connecting and leaving included. */
const restMs = 1500

/** Looks for the most that a broker can do, window by window. */
export async function runMax(asked: Omit<WindowRequest, 'run'>): Promise<CeilingOutcome> {
  const { plan, signal } = asked
  const request = { ...asked, run: plan.axis === 'connections' ? runConn : runBench }
  const search = new CeilingSearch({
    start: plan.start,
    most: plan.most,
    isWhole: plan.axis !== 'rate',
    mostRests: Math.max(1, Math.ceil(plan.recoverMs / restMs)),
  })
  const runner = new WindowRunner(request)
  const steps = search.steps()
  for (let next = steps.next(); !next.done && !signal.aborted; ) {
    const judgement = await runner.run(next.value)
    if (!signal.aborted) next = steps.next(judgement)
  }
  return ceilingOutcome(request, search, runner)
}
