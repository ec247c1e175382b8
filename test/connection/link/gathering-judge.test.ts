import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GatheringJudge } from '../../../src/connection/link/gathering-judge.ts'

/** A broker as it is seen from a reader. Times are milliseconds. */
interface Peer {
  /** It sends so many before it waits for an answer. */
  readonly window: number
  readonly perMessage: number
  /** One way. */
  readonly delay: number
}

const messageBytes = 70
const handlingMs = 0.008
/** What a sleep takes beyond what it was asked for. */
const oversleepMs = 0.06

interface Reading {
  readonly messagesPerMs: number
  readonly messagesPerWakeUp: number
}

/** Reads from such a peer for so long, in time that passes only here. */
function readFrom(peer: Peer, ms: number, napAfter: GatheringJudge['wokeUp']): Reading {
  const answeredAt: number[] = []
  let sentAt = 0
  let messages = 0
  let wakeUps = 0
  const nextArrival = () => {
    const allowedAt = messages < peer.window ? 0 : (answeredAt[messages - peer.window] ?? Number.POSITIVE_INFINITY)
    return Math.max(sentAt + peer.perMessage, allowedAt + peer.delay) + peer.delay
  }
  let now = 0
  let lastWakeUp = 0
  while (now < ms) {
    now = Math.max(now, nextArrival())
    const wokeAt = now
    const first = messages
    for (let arrival = nextArrival(); arrival <= wokeAt; arrival = nextArrival()) {
      sentAt = arrival - peer.delay
      messages++
    }
    now += handlingMs
    for (let each = first; each < messages; each++) answeredAt.push(now)
    wakeUps++
    const nap = napAfter((messages - first) * messageBytes, wokeAt - lastWakeUp, wokeAt)
    lastWakeUp = wokeAt
    if (nap > 0) now += nap + oversleepMs
  }
  return { messagesPerMs: messages / now, messagesPerWakeUp: messages / wakeUps }
}

const never = () => 0

describe('gathering', () => {
  const windows = [1, 2, 5, 10, 20, 50, 1000, Number.POSITIVE_INFINITY]
  const delays = [0.01, 0.1, 1, 20]
  for (const window of windows) {
    for (const delay of delays) {
      test(`is not why a peer waits that sends ${window} before an answer, ${delay} ms away`, () => {
        const peer = { window, perMessage: 0.02, delay }
        const judge = new GatheringJudge()

        const without = readFrom(peer, 2000, never)
        const gathering = readFrom(peer, 2000, judge.wokeUp.bind(judge))

        const share = gathering.messagesPerMs / without.messagesPerMs
        assert.ok(share >= 0.9, `${share.toFixed(2)} of the rate without`)
      })
    }
  }

  test('makes one wake-up of many where nobody waits', () => {
    const judge = new GatheringJudge()
    const peer = { window: Number.POSITIVE_INFINITY, perMessage: 0.01, delay: 0.05 }

    const { messagesPerWakeUp } = readFrom(peer, 20_000, judge.wokeUp.bind(judge))

    assert.ok(messagesPerWakeUp > 20, `${messagesPerWakeUp} messages a wake-up`)
  })

  test('makes one wake-up of several from a window of 20', () => {
    const judge = new GatheringJudge()
    const peer = { window: 20, perMessage: 0.025, delay: 0.02 }

    const { messagesPerWakeUp } = readFrom(peer, 2000, judge.wokeUp.bind(judge))

    assert.ok(messagesPerWakeUp > 3, `${messagesPerWakeUp} messages a wake-up`)
  })

  test('finds a peer that begins to wait', () => {
    const judge = new GatheringJudge()
    const nap = judge.wokeUp.bind(judge)
    readFrom({ window: Number.POSITIVE_INFINITY, perMessage: 0.02, delay: 0.05 }, 1000, nap)
    const waiting = { window: 4, perMessage: 0.02, delay: 0.05 }

    const without = readFrom(waiting, 3000, never)
    const gathering = readFrom(waiting, 3000, nap)

    assert.ok(gathering.messagesPerMs >= 0.8 * without.messagesPerMs, `${gathering.messagesPerMs} a millisecond`)
  })

  test('is given up after a few wake-ups where each message waits for an answer, however unsteady its pace', () => {
    const judge = new GatheringJudge()
    const gaps = [0.3, 0.4, 0.3, 1.9]
    let now = 0
    let naps = 0

    for (let wakeUp = 0; now < 100; wakeUp++) {
      const gap = gaps[wakeUp % gaps.length] as number
      now += gap
      if (judge.wokeUp(messageBytes, gap, now) > 0) naps++
    }

    assert.ok(naps > 0 && naps <= 8, `${naps} naps`)
  })
})
