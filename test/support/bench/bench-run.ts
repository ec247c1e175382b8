import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import type { BenchResult } from '../../../src/features/bench/events.ts'
import { type RunOptions, runCli } from '../program/run-cli.ts'

const schemaPath = join(import.meta.dirname, '..', '..', '..', 'docs', 'schemas', 'bench-result.schema.json')
const isResult = new Ajv().compile(JSON.parse(readFileSync(schemaPath, 'utf8')))

export interface BenchRun {
  readonly code: number
  readonly result: BenchResult
  readonly stderr: string
}

/** `bench … --json` as a process of its own, its result held to the schema. */
export async function benchRun(words: readonly (string | number)[], options: RunOptions = {}): Promise<BenchRun> {
  return finished(runCli(['bench', ...words.map(String), '--json'], options))
}

export async function finished(handle: ReturnType<typeof runCli>): Promise<BenchRun> {
  const [code, stdout, stderr] = await Promise.all([handle.exitCode, handle.stdout(), handle.stderr()])
  assert.notEqual(stdout.length, 0, stderr)
  const result: unknown = JSON.parse(String(stdout))
  assert.equal(isResult(result), true, JSON.stringify(isResult.errors))
  return { code, result: result as BenchResult, stderr }
}

/** 0, or 10 where this machine was too busy to be a generator: what was counted is right all the same. */
export function assertRan({ code, stderr }: BenchRun): void {
  assert.ok(code === 0 || code === 10, `exit ${code}: ${stderr}`)
}
