import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RendezvousMessage, ShardState } from '../../../../src/features/bench/rendezvous/rendezvous-message.ts'
import { decodeMessage } from '../../../../src/features/bench/rendezvous/rendezvous-message.ts'
import { ShardCompany } from '../../../../src/features/bench/rendezvous/shard-company.ts'

function company(from: number, count = 3): ShardCompany {
  return new ShardCompany({ from, nonce: `nonce-${from}`, settings: 'alike' }, count)
}

function state(from: number, changes: Partial<ShardState> = {}): ShardState {
  return { from, nonce: `nonce-${from}`, settings: 'alike', stage: 'connect', begun: 0, wasStopped: false, ...changes }
}

const here = (from: number, changes?: Partial<ShardState>): RendezvousMessage => ({
  say: 'here',
  ...state(from, changes),
})
const says = (from: number, changes?: Partial<ShardState>): RendezvousMessage => ({
  say: 'state',
  ...state(from, changes),
})
const gone = (from: number): RendezvousMessage => ({ say: 'gone', from, nonce: `nonce-${from}` })

/** What it does about each of these, the last one. */
function lastReaction(shard: ShardCompany, ...messages: readonly RendezvousMessage[]) {
  return messages.map((message, index) => shard.take(message, index * 1e6)).at(-1)
}

describe('what a shard knows of the others', () => {
  test('who comes is answered, once', () => {
    assert.deepEqual(company(2).take(here(3), 0), [{ do: 'answer', to: 3 }])
    assert.deepEqual(company(2).take(says(3), 0), [])
  })

  test('the first shard says go when all are there, and no other one does', () => {
    const go = { do: 'say go', begun: 1 }

    assert.deepEqual(lastReaction(company(1), here(2), says(3)), [go])
    assert.deepEqual(lastReaction(company(2), here(1), says(3)), [])
    assert.deepEqual(company(1, 1).goIfComplete(), [go])
  })

  test('all begin at the first go, and only once', () => {
    const shard = company(2)

    assert.deepEqual(shard.take({ say: 'go', begun: 1 }, 0), [{ do: 'begin', begun: 1 }])
    assert.deepEqual(shard.take({ say: 'go', begun: 1 }, 0), [])
    assert.equal(shard.begun, 1)
  })

  test('a go that was missed comes with what the others say of themselves', () => {
    const shard = company(2)

    assert.deepEqual(shard.take(says(3, { begun: 1 }), 0), [{ do: 'begin', begun: 1 }])
  })

  test('who is there and not ready yet is waited for', () => {
    const shard = company(1)
    lastReaction(shard, says(2), says(3), { say: 'go', begun: 1 })
    shard.stage = 'load'

    assert.deepEqual(shard.missing, [2, 3])
    assert.deepEqual(lastReaction(shard, says(2, { stage: 'load', begun: 1 })), [])
    assert.deepEqual(lastReaction(shard, says(3, { stage: 'load', begun: 1 })), [{ do: 'say go', begun: 2 }])
  })

  test('who was stopped, or is gone, is missing', () => {
    const shard = company(1)
    lastReaction(shard, says(2), says(3, { stage: 'done', wasStopped: true }), gone(2))

    assert.deepEqual(shard.missing, [2, 3])
  })

  test('a process that was started again takes the place of the one that is gone', () => {
    const shard = company(1, 2)
    lastReaction(shard, here(2), gone(2))

    const reactions = shard.take(here(2, { nonce: 'another' }), 0)

    assert.deepEqual(
      reactions.map((each) => each.do),
      ['answer', 'tell', 'say go'],
    )
    assert.deepEqual(shard.take(gone(2), 0), [], 'the will of the first one says nothing of the second')
    assert.deepEqual(shard.missing, [])
  })

  test('a second process of the same number is told so by the first, which goes on', () => {
    assert.deepEqual(company(2).take(here(2, { nonce: 'another' }), 0), [{ do: 'answer', to: 2 }])
    assert.deepEqual(company(2).take(says(2, { nonce: 'another' }), 0), [])
    assert.deepEqual(company(2).take({ say: 'answer', ...state(2, { nonce: 'another' }) }, 0), [
      { do: 'fail', because: 'same shard', shard: 2 },
    ])
  })

  test('another load is refused', () => {
    assert.deepEqual(company(2).take(here(3, { settings: 'others' }), 0), [
      { do: 'answer', to: 3 },
      { do: 'fail', because: 'other settings', shard: 3 },
    ])
  })

  test('a run that has begun takes nobody in', () => {
    assert.deepEqual(company(2).take(says(3, { stage: 'load', begun: 2 }), 0), [
      { do: 'fail', because: 'too late', shard: 2 },
    ])
  })

  test('a shard that is gone in the middle is known with its time, and so is one that was stopped', () => {
    const shard = company(1, 4)
    shard.stage = 'load'
    shard.take({ say: 'go', begun: 2 }, 10e6)
    shard.take(says(2, { stage: 'load', begun: 2 }), 10e6)
    shard.take(says(4, { stage: 'load', begun: 2 }), 10e6)

    shard.take(gone(2), 12.5e6)
    shard.take(says(3, { stage: 'done', begun: 2, wasStopped: true }), 13e6)

    assert.deepEqual(shard.others, [
      { index: 2, state: 'gone', afterSeconds: 2.5 },
      { index: 3, state: 'stopped' },
      { index: 4, state: 'running' },
    ])
  })

  test('who comes when the run has begun changes nothing in it: neither who died nor that it goes on', () => {
    const shard = company(1, 2)
    shard.stage = 'load'
    lastReaction(shard, says(2, { stage: 'load', begun: 1 }), { say: 'go', begun: 2 }, gone(2))

    assert.deepEqual(shard.take(here(2, { nonce: 'another' }), 9e6), [{ do: 'answer', to: 2 }])
    assert.deepEqual(shard.take(here(2, { settings: 'others' }), 9e6), [{ do: 'answer', to: 2 }])

    assert.deepEqual(shard.others, [{ index: 2, state: 'gone', afterSeconds: 1 }])
  })

  test('sending is over elsewhere when the last one says so, or is gone', () => {
    const shard = company(1)
    lastReaction(shard, says(2, { stage: 'load', begun: 1 }), says(3, { stage: 'load', begun: 1 }))

    assert.equal(shard.sentAtMicroseconds, undefined)
    shard.take(says(2, { stage: 'sent', begun: 2 }), 5e6)
    assert.equal(shard.sentAtMicroseconds, undefined)
    shard.take(gone(3), 6e6)
    assert.equal(shard.sentAtMicroseconds, 5e6)
  })

  test('a run that one of them calls off does not take place, unless it has begun', () => {
    const shard = company(2)

    assert.deepEqual(shard.take({ say: 'off', missing: [3] }, 0), [{ do: 'give up', missing: [3] }])
    shard.take({ say: 'go', begun: 2 }, 0)
    assert.deepEqual(shard.take({ say: 'off', missing: [3] }, 0), [])
  })

  test('numbers that no shard has are nobody', () => {
    assert.deepEqual(company(1).take(here(4), 0), [])
    assert.deepEqual(company(1).take(here(0), 0), [])
  })
})

describe('what anybody may have published to the topic', () => {
  const rows: readonly string[] = [
    '',
    'null',
    '[]',
    '{"say":"go"}',
    '{"say":"go","begun":3}',
    '{"say":"here"}',
    '{"say":"off"}',
    '{"say":"off","missing":["all"]}',
    '{"say":"gone","from":"2","nonce":"a"}',
    '{"say":"state","from":1.5,"nonce":"a","settings":"b","stage":"load","begun":1,"wasStopped":false}',
    '{"say":"state","from":1,"nonce":"a","settings":"b","stage":"elsewhere","begun":1,"wasStopped":false}',
    '{"say":"state","from":1,"nonce":"a","settings":"b","stage":"load","begun":9,"wasStopped":false}',
  ]
  for (const text of rows) {
    test(`is nothing of ours: ${text}`, () => {
      assert.equal(decodeMessage(Buffer.from(text)), undefined)
    })
  }
})
