import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClockMail } from '../../../../src/features/bench/clocks/clock-exchange.ts'
import { clockMessageBytes, readClockMessage } from '../../../../src/features/bench/clocks/clock-message.ts'
import { type ClockPost, ShardClocks } from '../../../../src/features/bench/clocks/shard-clocks.ts'
import type { ShardPart } from '../../../../src/features/bench/settings.ts'

const begin = 1_795_635_583_000_000
const side = { numbers: [], places: [] }

function partOf(index: number): ShardPart {
  const whole = { connections: 0, publishers: 10, subscribers: 10 }
  return { index, count: 2, run: 'a', isPaired: false, whole, connections: side, publishers: side, subscribers: side }
}

interface Ways {
  /** The clock of shard 2 less that of shard 1, by the true time since the begin. */
  readonly offset: (at: number) => number
  /** Microseconds from 1 to 2, and back; undefined: the message is lost. */
  readonly there: (sent: number) => number | undefined
  readonly back: (sent: number) => number | undefined
}

/** Two shards and what is between them, in a time of their own: nothing waits. */
class TwoShards implements ClockPost {
  at = 0
  readonly first: ShardClocks
  readonly #second: ShardClocks
  readonly #ways: Ways
  #onTheirWay: { at: number; bytes: Buffer; to: number }[] = []
  #sent = 0

  constructor(ways: Ways) {
    this.#ways = ways
    this.first = new ShardClocks(partOf(1), () => begin + this.at, this)
    this.#second = new ShardClocks(partOf(2), () => begin + this.at + ways.offset(this.at), this)
  }

  send({ to, message }: ClockMail): void {
    const takes = (to === 2 ? this.#ways.there : this.#ways.back)(this.#sent++)
    if (takes === undefined) return
    this.#onTheirWay.push({ at: this.at + takes, bytes: clockMessageBytes(message), to })
    this.#onTheirWay.sort((a, b) => a.at - b.at)
  }

  async nextMessage(limitMs: number): Promise<void> {
    const limit = this.at + limitMs * 1000
    for (;;) {
      const next = this.#onTheirWay[0]
      if (next === undefined || next.at > limit) {
        this.at = limit
        return
      }
      this.#onTheirWay.shift()
      this.at = next.at
      const message = readClockMessage(next.bytes)!
      const answer = (next.to === 2 ? this.#second : this.first).take(message)
      if (answer !== undefined) this.send(answer)
      if (next.to === 1) return
    }
  }

  /** A look before a load of a minute, and one after it. */
  async estimate() {
    await this.first.look('before', [2])
    const { ranges } = this.first
    this.at += 60_000_000
    await this.first.look('after')
    return { ranges, figures: this.first.figures }
  }
}

const quick = () => 300

describe('a shard asks another for its time', () => {
  const rows: readonly (readonly [name: string, ways: Ways])[] = [
    ['half a second ahead', { offset: () => 500_000, there: quick, back: quick }],
    ['half a second behind', { offset: () => -500_000, there: quick, back: quick }],
    ['slow one way', { offset: () => 40, there: () => 9000, back: quick }],
    ['gaining', { offset: (at) => Math.round(at * 40e-6), there: quick, back: quick }],
    ['over a network that loses', { offset: () => 7, there: (n) => (n % 3 === 0 ? undefined : 300), back: quick }],
  ]
  for (const [name, ways] of rows) {
    test(`${name}: the truth is within the stated error`, async () => {
      const { figures } = await new TwoShards(ways).estimate()

      const [{ shard, offsetMicroseconds, errorMicroseconds } = assert.fail()] = figures
      assert.equal(shard, 2)
      for (const at of [0, 30e6, 60e6]) {
        const off = Math.abs(ways.offset(at) - (offsetMicroseconds ?? Number.NaN))
        assert.ok(off <= (errorMicroseconds ?? 0), `${offsetMicroseconds} ±${errorMicroseconds} at ${at}`)
      }
    })
  }

  test('its publishers are timed by what was known before the load', async () => {
    const { ranges } = await new TwoShards({ offset: () => 500_000, there: quick, back: quick }).estimate()

    assert.deepEqual(ranges, [{ firstPublisher: 5, endPublisher: 10, offsetMicroseconds: 500_000 }])
  })

  test('and one that answers no more leaves its error unknown', async () => {
    const shards = new TwoShards({ offset: () => 9, there: quick, back: () => (shards.at > 1e6 ? undefined : 300) })

    const { figures } = await shards.estimate()

    assert.deepEqual(figures, [{ shard: 2, offsetMicroseconds: 9, errorMicroseconds: null, driftPerMillion: null }])
  })

  test('and believes no answer that it did not ask for', () => {
    const { first } = new TwoShards({ offset: () => 0, there: quick, back: quick })
    const forged = {
      clock: 'answer',
      from: 2,
      number: 1,
      asked: begin,
      heard: begin + 9e9,
      answered: begin + 9e9,
    } as const

    first.take(forged)

    assert.deepEqual([first.ranges, first.figures], [[], []])
  })
})

test('what is no message of clocks is none', () => {
  const none = ['', '1', 'null', '{}', '{"clock":"question","from":"2","number":1,"asked":1}', '{"clock":"answer"}']
  for (const text of none) assert.equal(readClockMessage(Buffer.from(text)), undefined, text)
})
