import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nearestWord } from '../../src/cli/nearest-word.ts'

const commands = ['broker', 'demo', 'pub', 'sub']

describe('the nearest command', () => {
  const table: ReadonlyArray<readonly [typed: string, nearest: string | undefined]> = [
    ['sbu', 'sub'],
    ['pbu', 'pub'],
    ['borker', 'broker'],
    ['dmeo', 'demo'],
    ['publish', 'pub'],
    ['subscribe', 'sub'],
    ['Pub', 'pub'],
    ['xyz', undefined],
    ['', undefined],
    ['version', undefined],
  ]
  for (const [typed, nearest] of table) {
    test(`to ${JSON.stringify(typed)} is ${nearest}`, () => {
      assert.equal(nearestWord(typed, commands), nearest)
    })
  }
})
