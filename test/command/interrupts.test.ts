import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { listenForInterrupts } from '../../src/command/interrupts.ts'

function listening() {
  const source = new EventEmitter()
  const told: string[] = []
  const end = listenForInterrupts(
    source,
    ({ kind }) => told.push(`stop ${kind}`),
    (code) => told.push(`leave ${code}`),
  )
  return { source, told, end }
}

test('the first signal asks to stop and the second leaves, each with its own number', () => {
  const { source, told } = listening()

  source.emit('SIGINT')
  source.emit('SIGTERM')
  source.emit('SIGINT')

  assert.deepEqual(told, ['stop interrupted', 'leave 143', 'leave 130'])
})

test('SIGTERM asks to stop as SIGINT does', () => {
  const { source, told } = listening()

  source.emit('SIGTERM')

  assert.deepEqual(told, ['stop terminated'])
})

test('nothing is listened for afterwards', () => {
  const { source, end } = listening()

  end()

  assert.deepEqual([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM')], [0, 0])
})
