import { readFileSync } from 'node:fs'

// Every clock that is read: here and nowhere else. Protocol and render take time as an argument.

/**
 * The clock of everything that measures or waits. It never jumps when somebody sets the wall clock: a deadline or a
 * duration taken from `Date` would.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime() // as quick as `performance`, which takes half a millisecond to be loaded
  return seconds * 1000 + nanoseconds / 1e6
}

export function monotonicMicroseconds(): number {
  return monotonicMs() * 1000
}

/** The clock that the tap stamps bytes with. */
export function monotonicNanoseconds(): bigint {
  return process.hrtime.bigint()
}

/**
 * Whole microseconds since the epoch by the monotonic clock: it never jumps during a run, and two processes on one machine
 * agree on it as well as they did on the wall clock when they started.
 */
export function epochMicroseconds(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000)
}

/** Two clocks that agree within this are the same clock, and the finer one may fill in the digits. */
const agreementMs = 2

/**
 * Wall time, for what a person reads. `Date` has milliseconds; the monotonic clock adds the microseconds while the two
 * agree. When somebody sets the wall clock they do not, and then the wall clock is right.
 */
export const wallClock = {
  get epochNanoseconds(): bigint {
    const wallMs = Date.now()
    const fineMs = performance.timeOrigin + performance.now()
    const isSame = Math.abs(fineMs - wallMs) <= agreementMs
    return BigInt(Math.round((isSame ? fineMs : wallMs) * 1000)) * 1000n
  },
}

/** What this process has used so far. Handed in to whoever reports it, so that a report can be tested. */
export interface ProcessFigures {
  readonly cpuUserMicroseconds: number
  readonly cpuSystemMicroseconds: number
  readonly residentBytes: number
  readonly heapUsedBytes: number
}

/** What a process used, in user mode and in the kernel. */
export function cpuMicrosecondsOf({ cpuUserMicroseconds, cpuSystemMicroseconds }: ProcessFigures): number {
  return cpuUserMicroseconds + cpuSystemMicroseconds
}

export function processFigures(): ProcessFigures {
  const cpu = process.cpuUsage()
  const memory = memoryUsage()
  return {
    cpuUserMicroseconds: cpu.user,
    cpuSystemMicroseconds: cpu.system,
    residentBytes: memory.rss,
    heapUsedBytes: memory.heapUsed,
  }
}

/**
 * CPU that this thread has used. Node tells from 23.9 on, Linux in a file; elsewhere the time in which the event loop was
 * busy stands for it.
 */
export function threadCpuMicroseconds(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } }
  if (threadCpuUsage !== undefined) {
    const { user, system } = threadCpuUsage.call(process)
    return user + system
  }
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0]) / 1000
  } catch {
    return performance.eventLoopUtilization().active * 1000
  }
}

/** Linux tells it in a file: a process that has no descriptor left cannot know, and must not end of it. */
function memoryUsage(): { readonly rss: number; readonly heapUsed: number } {
  try {
    return process.memoryUsage()
  } catch {
    return { rss: 0, heapUsed: 0 }
  }
}
