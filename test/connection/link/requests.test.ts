import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Asked, Requests } from '../../../src/connection/link/requests.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import type { Violation } from '../../../src/protocol/wire/violation.ts'
import { suback, unsuback } from '../../support/packets/packets.ts'

const none = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
const subscriptions = (...filters: string[]) => filters.map((filter) => ({ filter, qos: 0 as const, ...none }))

/** Takes what is asked onto a wire that the test plays, under this packet identifier. */
const as = (packetId: number) => (asked: Asked) => asked.sentAs(packetId)

const ruleOf = (outcome: ReturnType<Requests['answer']>) => (typeof outcome === 'object' ? outcome.rule : outcome)

describe('a SUBSCRIBE', () => {
  test('is handed out with the packet identifier it gets, and answered by SUBACK with the same [MQTT-3.8.4-2]', async () => {
    const requests = new Requests(5)
    let packet: object = {}
    const answered = requests.subscribe(subscriptions('a', 'b'), {}, (asked) => {
      packet = asked.packet(7)
      asked.sentAs(7)
    })

    const violation = requests.answer(suback(7, 0, 0x87))

    assert.equal(violation, undefined)
    assert.deepEqual((await answered).reasonCodes, [0, 0x87])
    assert.deepEqual(packet, { type: 'subscribe', packetId: 7, subscriptions: subscriptions('a', 'b'), properties: {} })
  })

  test('is told apart from others under way', async () => {
    const requests = new Requests(5)
    const first = requests.subscribe(subscriptions('a'), {}, as(1))
    const second = requests.subscribe(subscriptions('b'), {}, as(2))

    requests.answer(suback(2, 2))
    requests.answer(suback(1, 1))

    assert.deepEqual([(await first).reasonCodes, (await second).reasonCodes], [[1], [2]])
  })
})

describe('an answer that cannot be', () => {
  const rows: ReadonlyArray<readonly [what: string, version: ProtocolVersion, rule: string, codes: number[]]> = [
    ['too few codes', 5, '[MQTT-3.8.4-6]', [0]],
    ['too many codes', 5, '[MQTT-3.8.4-6]', [0, 0, 0]],
    ['too few codes', 4, '[MQTT-3.1.1:3.8.4-5]', [0]],
  ]
  for (const [what, version, rule, codes] of rows) {
    test(`${what} at ${version} is ${rule}, and who waits learns it with the end`, async () => {
      const requests = new Requests(version)
      const answered = requests.subscribe(subscriptions('a', 'b'), {}, as(7))

      const violation = requests.answer(suback(7, ...codes)) as Violation
      requests.failAll(new Error('the end'))

      assert.deepEqual([violation.rule, violation.reasonCode], [rule, 0x82])
      await assert.rejects(answered, /the end/)
    })
  }

  test('UNSUBACK to a SUBSCRIBE is a violation [MQTT-3.10.4-5]', () => {
    const requests = new Requests(5)
    requests.subscribe(subscriptions('a'), {}, as(7)).catch(() => {})

    assert.equal(ruleOf(requests.answer(unsuback(7, 0))), '[MQTT-3.10.4-5]')
  })

  test('an answer that nobody waits for, or not any more, is none of ours', async () => {
    const requests = new Requests(5)
    const answered = requests.subscribe(subscriptions('a'), {}, as(7))

    const outcomes = [requests.answer(suback(8, 0)), requests.answer(suback(7, 0)), requests.answer(suback(7, 0))]

    await answered
    assert.deepEqual(outcomes, ['unused', undefined, 'unused'])
  })
})

describe('UNSUBACK', () => {
  test('has a code for each filter at MQTT 5 [MQTT-3.11.3-2]', () => {
    const requests = new Requests(5)
    requests.unsubscribe(['a', 'b'], {}, as(7)).catch(() => {})

    assert.equal(ruleOf(requests.answer(unsuback(7, 0))), '[MQTT-3.11.3-2]')
  })

  test('has none below', async () => {
    const requests = new Requests(4)
    const answered = requests.unsubscribe(['a', 'b'], {}, as(7))

    assert.equal(requests.answer(unsuback(7)), undefined)
    assert.deepEqual((await answered).reasonCodes, [])
  })

  test('without codes does not pass at MQTT 5', () => {
    const requests = new Requests(5)
    requests.unsubscribe(['a'], {}, as(7)).catch(() => {})

    assert.equal(ruleOf(requests.answer(unsuback(7))), '[MQTT-3.11.3-2]')
  })
})

describe('the end of the connection', () => {
  test('fails what waits, and what is asked afterwards', async () => {
    const requests = new Requests(5)
    const before = requests.subscribe(subscriptions('a'), {}, as(7))

    requests.failAll(new Error('the end'))
    const after = requests.unsubscribe(['a'], {}, () => assert.fail('nothing is sent any more'))

    await assert.rejects(before, /the end/)
    await assert.rejects(after, /the end/)
  })
})
