import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import type { DuetResult } from '../../../src/features/bench/duet/duet-events.ts'
import { type RunOptions, runCli } from '../program/run-cli.ts'

const schemas = ['bench-duet', 'bench-comparison'].map((name) =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'schemas', `${name}.schema.json`), 'utf8'),
  ),
)
const ajv = new Ajv({ allErrors: true, strict: false, schemas })
const isDuet = ajv.getSchema('bench-duet.schema.json')

/** Publishers alone: nobody waits a second for what might still come. The number of rounds follows. */
export const shortDuet = [
  'pub',
  '--rate',
  '200',
  '--duration',
  '0.3',
  '--warmup',
  '0.1',
  '-q',
  '1',
  '--ruler',
  '0',
  '--rounds',
]

export interface DuetEnd {
  readonly code: number
  readonly result: DuetResult
  readonly stderr: string
}

/** `bench duet … --json` as a process of its own, its result held to the schema. */
export async function duet(words: readonly string[], options: RunOptions = {}): Promise<DuetEnd> {
  const handle = runCli(['bench', 'duet', ...words, '--json'], options)
  const [code, stdout, stderr] = await Promise.all([handle.exitCode, handle.stdout(), handle.stderr()])
  const result: unknown = JSON.parse(String(stdout))
  assert.ok(isDuet?.(result), JSON.stringify(isDuet?.errors))
  return { code, result: result as DuetResult, stderr }
}
