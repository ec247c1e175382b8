import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withinDeadline } from '../../../src/connection/transport/within-deadline.ts'
import { MqttCliError } from '../../../src/errors.ts'

const REASON = new MqttCliError('unreachable', 'no time left')

test('fault 8: a step that never ends is left at the deadline, with its own reason', async () => {
  const deadline = new AbortController()
  const waiting = withinDeadline(new Promise(() => {}), deadline.signal)

  deadline.abort(REASON)

  await assert.rejects(waiting, (error) => error === REASON)
})

test('a deadline that has passed is not waited for', async () => {
  await assert.rejects(withinDeadline(new Promise(() => {}), AbortSignal.abort(REASON)), (error) => error === REASON)
})

test('a step in time brings its value or its own error', async () => {
  const { signal } = new AbortController()
  const failure = new Error('of its own')

  assert.equal(await withinDeadline(Promise.resolve(7), signal), 7)
  await assert.rejects(withinDeadline(Promise.reject(failure), signal), (error) => error === failure)
})
