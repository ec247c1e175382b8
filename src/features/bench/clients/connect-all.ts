import type { Abortable } from '../../../connection/abort.ts'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { pause } from '../../../connection/waiting.ts'
import type { ConnectCounters } from '../counters/connect-counters.ts'
import { ConnectWindow } from './connect-window.ts'

interface ConnectPlan {
  /** When each may begin: so many begin before it, here and elsewhere. */
  readonly places: readonly number[]
  /** Infinity: as fast as the broker lets them in. */
  readonly ratePerSecond: number
  readonly signal: Abortable
  readonly counters: ConnectCounters
  /** Gives when it was connected, where it goes on after that: microseconds since the epoch. */
  open(index: number): Promise<unknown>
}

/**
 * Opens so many connections at their rate. One that is refused is counted, and the others go on. Each lane has one on
 * its way and begins the next when that is answered, so nobody waits for a timer while there is something to do.
 */
export async function connectAll(plan: ConnectPlan): Promise<void> {
  const { places, ratePerSecond, signal } = plan
  const count = places.length
  const startMicroseconds = epochMicroseconds()
  const window = new ConnectWindow()
  const lanes: Promise<void>[] = []
  let begun = 0
  const fillLanes = () => {
    while (lanes.length < Math.min(count, window.size)) lanes.push(lane())
  }
  const lane = async () => {
    while (begun < count && !signal.aborted) {
      const index = begun++
      const waitMs = (startMicroseconds + (places[index]! / ratePerSecond) * 1e6 - epochMicroseconds()) / 1000
      if (waitMs > 0) await pause(waitMs, signal) // late by a timer's millisecond at most, and the times do not drift
      if (!signal.aborted) await openOne(plan, index)
      window.answered()
      fillLanes()
    }
  }
  fillLanes()
  for (const each of lanes) await each // those that are added meanwhile are waited for too
}

async function openOne({ open, counters }: ConnectPlan, index: number): Promise<void> {
  const beganMicroseconds = epochMicroseconds()
  counters.began(beganMicroseconds)
  try {
    const opened = await open(index)
    const connectedMicroseconds = typeof opened === 'number' ? opened : epochMicroseconds()
    counters.succeeded(connectedMicroseconds - beganMicroseconds, connectedMicroseconds)
  } catch (error) {
    counters.refuse(error)
  }
}
