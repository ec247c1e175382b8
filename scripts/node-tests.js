// Test files run by Node's runner, as a stream of what became of each test.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '..')

/**
 * Files named one by one: given a folder of .ts files, node --test runs nothing and calls it a success. `cell` is the
 * transport or the broker that they shall be about; `limitMs` ends all that still runs then.
 */
export async function* nodeTests(files, { cell, limitMs } = {}) {
  const args = ['--import', 'tsx', '--test', '--test-concurrency=2', '--test-timeout=300000']
  const reporter = ['--test-reporter', './scripts/test-events.js', '--test-reporter-destination', 'stdout']
  const tests = spawn(process.execPath, [...args, ...reporter, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(cell !== undefined && { MATRIX_CELL: cell }) },
  })
  const limit = limitMs === undefined ? undefined : setTimeout(() => tests.kill(), limitMs)
  const ended = once(tests, 'exit')
  for await (const line of createInterface(tests.stdout)) yield JSON.parse(line)
  clearTimeout(limit)
  const [code, signal] = await ended
  if (signal !== null || code > 1) yield { kind: 'aborted', text: `the runner ended with ${signal ?? code}` }
}
