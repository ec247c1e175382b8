/**
 * Whole microseconds since the epoch by the monotonic clock: it never jumps during a run, and two processes on one machine
 * agree on it as well as they did on the wall clock when they started.
 */
export function epochMicroseconds(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000)
}
