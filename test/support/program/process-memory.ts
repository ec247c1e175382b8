import { readFileSync } from 'node:fs'

/** Why memory cannot be measured here, or undefined. */
export const memoryUnknown: string | undefined =
  process.platform === 'linux' ? undefined : 'memory is read from /proc, on Linux alone'

/** Resident now. */
export function residentMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmRSS')
}

/** Resident at its highest. */
export function peakMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmHWM')
}

function statusMegabytes(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1]) / 1024
}
