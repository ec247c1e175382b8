import { readFileSync } from 'node:fs'

/** Whether a process runs. One that ended and that nobody has asked after, as in a container without an init, does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
