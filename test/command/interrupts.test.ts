import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { listenForInterrupts } from '../../src/command/interrupts.ts'

function listening(ignoresHangUp = false) {
  const source = new EventEmitter()
  const told: string[] = []
  const end = listenForInterrupts(source, {
    stop: ({ kind }) => told.push(`stop ${kind}`),
    leave: (code) => told.push(`leave ${code}`),
    ignoresHangUp: () => ignoresHangUp,
  })
  return { source, told, end }
}

test('the first signal asks to stop and the second leaves, each with its own number', () => {
  const { source, told } = listening()

  source.emit('SIGINT')
  source.emit('SIGTERM')
  source.emit('SIGINT')

  assert.deepEqual(told, ['stop interrupted', 'leave 143', 'leave 130'])
})

for (const [signal, kind] of [
  ['SIGTERM', 'terminated'],
  ['SIGHUP', 'hung-up'],
] as const) {
  test(`${signal} asks to stop as SIGINT does`, () => {
    const { source, told } = listening()

    source.emit(signal)

    assert.deepEqual(told, [`stop ${kind}`])
  })
}

test('an ignored SIGHUP neither stops nor counts as the first signal', () => {
  const { source, told } = listening(true)

  source.emit('SIGHUP')
  source.emit('SIGINT')

  assert.deepEqual(told, ['stop interrupted'])
})

test('nothing is listened for afterwards', () => {
  const { source, end } = listening()

  end()

  assert.deepEqual(
    ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => source.listenerCount(signal)),
    [0, 0, 0],
  )
})
