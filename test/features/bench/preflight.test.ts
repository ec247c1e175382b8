import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preflightNotes } from '../../../src/features/bench/preflight.ts'

const limits =
  'Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 4096                 files\n'
const machine = async (path: string) => (path.endsWith('limits') ? limits : '32768\t32867\n')

test('too few descriptors and ports are said before the run, with the number there is', async () => {
  const [descriptors = '', ports = '', ...rest] = await preflightNotes(2000, machine)

  assert.match(descriptors, /2000 .* 1024 /)
  assert.match(ports, /2000 .* 100 local ports/)
  assert.deepEqual(rest, [])
})

test('what fits, and what nobody can tell, is not mentioned', async () => {
  assert.deepEqual(await preflightNotes(90, machine), [])
  assert.deepEqual(await preflightNotes(1e6, async () => ''), [])
})
