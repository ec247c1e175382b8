import { readFileSync } from 'node:fs'

export interface MemorySamples {
  /** Largest resident set of any process below the one watched, by the kernel's own high-water mark. */
  readonly peakBytes: number
  /** The same a third of the way through: a peak that hardly grows after it is flat. */
  readonly earlyPeakBytes: number
  readonly lastBytes: number
}

const intervalMs = 25

/** Watches the children of a shell. The mark is read every 25 ms, so only what happens in the last 25 ms may be missed. */
export function watchMemory(shellPid: number) {
  const peaks: number[] = []
  let lastBytes = 0
  const timer = setInterval(() => {
    const now = descendantsOf(shellPid).map(memoryOf)
    peaks.push(Math.max(peaks.at(-1) ?? 0, ...now.map(({ peak }) => peak)))
    lastBytes = Math.max(0, ...now.map(({ resident }) => resident)) || lastBytes
  }, intervalMs)
  return {
    stop(): MemorySamples {
      clearInterval(timer)
      return { peakBytes: peaks.at(-1) ?? 0, earlyPeakBytes: peaks[Math.floor(peaks.length / 3)] ?? 0, lastBytes }
    },
  }
}

function descendantsOf(pid: number): number[] {
  const children = readOrNothing(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

function memoryOf(pid: number): { peak: number; resident: number } {
  const status = readOrNothing(`/proc/${pid}/status`)
  const bytesOf = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
  return { peak: bytesOf('VmHWM'), resident: bytesOf('VmRSS') }
}

/** A process may be gone by now. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
