import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What runs of the same thing measured, one value a run. */
export interface RecordedNoise {
  readonly machine: string
  /** By load. */
  readonly command: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, readonly number[]>>
}

export function recordedNoise(): RecordedNoise {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recorded-noise.json'), 'utf8'))
}
