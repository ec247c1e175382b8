import { folderRecords } from '../history/folder-records.ts'
import { machineFacts } from '../surroundings/machine-facts.ts'
import type { DuetResult } from './duet-events.ts'
import { type MetricNoise, noiseOf } from './noise.ts'

/** What runs of this load varied by on this machine, when A was last held against itself; undefined where it never was. */
export async function recordedNoise(
  folder: string,
  load: string,
  signal: AbortSignal,
): Promise<readonly MetricNoise[] | undefined> {
  let last: DuetResult | undefined
  for await (const record of folderRecords(folder, signal)) {
    if (
      !('value' in record) ||
      !isSelfDuet(record.value) ||
      !isSameMachine(record.value.machine) ||
      record.value.load !== load
    )
      continue
    if (last === undefined || record.value.startedAt >= last.startedAt) last = record.value
  }
  return last?.comparison && noiseOf(last.comparison)
}

function isSelfDuet(value: unknown): value is DuetResult {
  if (typeof value !== 'object' || value === null) return false
  const { v, type, isSelf, comparison } = value as Partial<DuetResult>
  return v === 1 && type === 'bench-duet' && isSelf === true && Array.isArray(comparison?.metrics)
}

function isSameMachine(machine: DuetResult['machine'] | undefined): boolean {
  const here = machineFacts()
  return machine !== undefined && Object.entries(here).every(([name, value]) => machine[name] === value)
}
