import type { MessagePort } from 'node:worker_threads'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { type PrecisionTimerMemory, precisionTimerMemory } from './precision-timer-memory.ts'

/** The kernel wakes a sleeper this much late. */
const wakeUpMicroseconds = 50

/** The whole life of a precision timer's thread: sleeps until a call is due, calls, and sleeps until there is another. Ended from outside. */
export function servePrecisionTimer(port: MessagePort, shared: SharedArrayBuffer): never {
  const memory = precisionTimerMemory.of(shared)
  for (;;) {
    Atomics.wait(memory.changed, 0, 0)
    sleepUntilDue(memory)
    port.postMessage(0)
  }
}

/** Looks again whenever the time has changed meanwhile. */
function sleepUntilDue({ changed, dueMicroseconds }: PrecisionTimerMemory): void {
  for (;;) {
    Atomics.store(changed, 0, 0)
    const leftMicroseconds = Number(Atomics.load(dueMicroseconds, 0)) - epochMicroseconds()
    if (leftMicroseconds <= 0) return
    Atomics.wait(changed, 0, 0, Math.max(1, leftMicroseconds - wakeUpMicroseconds) / 1000)
  }
}
