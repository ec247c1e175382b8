import type { ConnectTally } from './connect-tally.ts'
import { epochMicroseconds } from './epoch-clock.ts'

/** Connections that may be on their way at once: more only wait in the broker's backlog. */
const mostAtOnce = 128
const lookAgainMs = 1

export interface ConnectPlan<T> {
  readonly count: number
  /** Infinity: one after the other, as fast as the broker lets them in. */
  readonly ratePerSecond: number
  readonly signal: AbortSignal
  readonly tally: ConnectTally
  open(index: number): Promise<T>
}

/** Opens so many connections at their rate. One that is refused is counted, and the others go on. */
export async function connectAll<T>(plan: ConnectPlan<T>): Promise<T[]> {
  const opened: T[] = []
  const startMicroseconds = epochMicroseconds()
  let begun = 0
  let underWay = 0
  while (begun < plan.count && !plan.signal.aborted) {
    const due = Math.min(plan.count, 1 + ((epochMicroseconds() - startMicroseconds) / 1e6) * plan.ratePerSecond)
    while (begun < due && underWay < mostAtOnce) {
      underWay++
      void openOne(plan, begun++, opened).finally(() => underWay--)
    }
    await new Promise((resolve) =>
      underWay >= mostAtOnce || begun >= due ? setTimeout(resolve, lookAgainMs) : setImmediate(resolve),
    )
  }
  while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  return opened
}

async function openOne<T>({ open, tally }: ConnectPlan<T>, index: number, opened: T[]): Promise<void> {
  const beganMicroseconds = epochMicroseconds()
  tally.began(beganMicroseconds)
  try {
    opened.push(await open(index))
    const now = epochMicroseconds()
    tally.succeeded(now - beganMicroseconds, now)
  } catch (error) {
    tally.refuse(error)
  }
}
