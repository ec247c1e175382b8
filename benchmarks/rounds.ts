import type { ProcessUse } from './measured-process.ts'

/** One of those compared: how to run it once, checked at the receiver, and how many messages that is. */
export interface Contender {
  readonly name: string
  readonly messages: number
  run(): Promise<ProcessUse>
}

/** Medians over the rounds. */
export interface Result {
  readonly name: string
  readonly cpuMicroseconds: number
  /** Whole-process wall time of one run. */
  readonly wallMs: number
  readonly perSecond: number
  readonly peakBytes: number
  readonly earlyPeakBytes: number
}

/** Runs each in turn, round by round, so that whatever else the machine does meets all of them alike. */
export async function alternate(contenders: readonly Contender[], rounds: number): Promise<readonly Result[]> {
  const uses = contenders.map(() => [] as ProcessUse[])
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) uses[index]?.push(await contender.run())
  }
  return contenders.map((contender, index) => resultOf(contender, uses[index] ?? []))
}

function resultOf({ name, messages }: Contender, uses: readonly ProcessUse[]): Result {
  const wallSeconds = median(uses.map((use) => use.wallSeconds))
  return {
    name,
    cpuMicroseconds: (median(uses.map((use) => use.cpuSeconds)) * 1e6) / messages,
    wallMs: wallSeconds * 1000,
    perSecond: messages / wallSeconds,
    peakBytes: Math.max(...uses.map((use) => use.memory.peakBytes)),
    earlyPeakBytes: Math.max(...uses.map((use) => use.memory.earlyPeakBytes)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
