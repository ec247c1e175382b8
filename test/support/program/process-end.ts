import { readFileSync } from 'node:fs'

/** Whether a process runs. One that ended and that nobody has asked after, as in a container without an init, does not. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

/** A signal takes a moment. Who never ends is no end of this either: the time limit of the test tells. */
export async function whenProcessEnded(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}
