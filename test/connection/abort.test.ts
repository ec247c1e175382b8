import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Abort } from '../../src/connection/abort.ts'

/** An abort with two listeners, and what they heard. */
function listened() {
  const abort = new Abort()
  const heard: string[] = []
  const first = () => heard.push('first')
  const second = () => heard.push('second')
  abort.addEventListener('abort', first)
  abort.addEventListener('abort', second)
  return { abort, heard, first }
}

test('tells each listener once, in order, and keeps the first reason', () => {
  const { abort, heard } = listened()

  abort.abort('a')
  abort.abort('b')

  assert.deepEqual([heard, abort.aborted, abort.reason], [['first', 'second'], true, 'a'])
})

test('does not tell who has left', () => {
  const { abort, heard, first } = listened()

  abort.removeEventListener('abort', first)
  abort.removeEventListener('abort', first)
  abort.abort('a')

  assert.deepEqual(heard, ['second'])
})

test('throws its reason from when it is aborted, and nothing before', () => {
  const { abort } = listened()

  assert.doesNotThrow(() => abort.throwIfAborted())
  abort.abort(new Error('the end'))
  assert.throws(() => abort.throwIfAborted(), /the end/)
})
