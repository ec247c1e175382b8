import { readFileSync } from 'node:fs'

/** The most that a process ever had in memory, as the kernel counts it. */
export function residentPeakMiB(pid = 0): number {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kibibytes) / 1024)
}
