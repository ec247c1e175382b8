import { arch, availableParallelism, cpus, release, type } from 'node:os'
import { version } from 'node:process'
import type { Fingerprint } from '../fingerprint.ts'

/** The machine that made the load, and what ran it. */
export function machineFacts(): Fingerprint['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    kernel: `${type()} ${release()} ${arch()}`,
    node: version,
  }
}
