import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FaultPlan } from '../../../../src/features/proxy/faults/fault-plan.ts'
import { outcomeOf } from '../../../../src/features/proxy/faults/outcome.ts'
import { refusalOf } from '../../../../src/features/proxy/faults/refusal.ts'
import type { FaultEffect, FaultRule, FaultTarget } from '../../../../src/features/proxy/settings.ts'
import { PacketReader } from '../../../../src/observation/packet-reader.ts'
import { parseReasonCode } from '../../../../src/protocol/reason-codes/parse-reason-code.ts'
import { isWholePacket } from '../../../../src/protocol/wire/fixed-header.ts'
import type { Sender } from '../../../../src/protocol/wire/packet.ts'
import { fromHex } from '../../../support/packets/hex.ts'
import { connect, publish, subscribe, unsubscribe } from '../../../support/packets/packets.ts'

const drop: FaultEffect = { fault: 'drop' }

function read(hex: string, sender: Sender = 'client') {
  return new PacketReader(1).read({ sender, wire: fromHex(hex), streamOffset: 0, atMicroseconds: 0 })
}

function rule(target: Partial<FaultTarget> = {}, effect: FaultEffect = drop): FaultRule {
  return { text: effect.fault, effect, target: { types: [], topics: [], which: { share: 'all' }, ...target } }
}

/** Which of so many PINGREQs are befallen. */
function befallen(plan: FaultPlan, count: number): string {
  const packet = read('c000')
  return Array.from({ length: count }, () => (plan.effectsOn(packet).length > 0 ? 'x' : '.')).join('')
}

describe('which packets a fault befalls', () => {
  const byChance = [rule({ which: { share: 'chance', probability: 0.5 } })]

  test('by chance: about as many as asked for', () => {
    const hits = befallen(new FaultPlan([rule({ which: { share: 'chance', probability: 0.1 } })], 1, 1), 10_000)

    const count = hits.replaceAll('.', '').length
    assert.ok(count > 900 && count < 1100, `${count} of 10,000`)
  })

  test('by chance: the same ones with the same seed, others with another or on another connection', () => {
    const first = befallen(new FaultPlan(byChance, 7, 1), 64)

    assert.equal(befallen(new FaultPlan(byChance, 7, 1), 64), first)
    assert.notEqual(befallen(new FaultPlan(byChance, 8, 1), 64), first)
    assert.notEqual(befallen(new FaultPlan(byChance, 7, 2), 64), first)
  })

  test('by chance: what the other side sends in between changes nothing', () => {
    const alone = befallen(new FaultPlan(byChance, 7, 1), 32)
    const plan = new FaultPlan(byChance, 7, 1)
    const between = Array.from({ length: 32 }, () => {
      plan.effectsOn(read('d000', 'server'))
      return befallen(plan, 1)
    }).join('')

    assert.equal(between, alone)
  })

  test('the nth one alone', () => {
    assert.equal(befallen(new FaultPlan([rule({ which: { share: 'nth', nth: 3 } })], 1, 1), 6), '..x...')
  })

  test('by type and by sender', () => {
    const plan = new FaultPlan([rule({ types: ['pingreq'], sender: 'client' })], 1, 1)

    assert.equal(plan.effectsOn(read('c000')).length, 1)
    assert.equal(plan.effectsOn(read('e000')).length, 0)
    assert.equal(new FaultPlan([rule({ sender: 'server' })], 1, 1).effectsOn(read('c000')).length, 0)
  })

  test('none that is not whole', () => {
    for (const hex of ['30 06 0003', 'ff ff ff ff ff 01', 'c0', '30 80']) {
      assert.equal(isWholePacket(fromHex(hex)), false, hex)
      assert.equal(new FaultPlan([rule()], 1, 1).effectsOn(read(hex)).length, 0, hex)
    }
    assert.equal(isWholePacket(Buffer.concat([fromHex('30 80 01'), Buffer.alloc(128)])), true)
  })
})

describe('several faults on one packet', () => {
  const packet = read('c000')
  const outcome = (...effects: FaultEffect[]) => outcomeOf(packet, effects, () => 0)

  test('lost is lost, and may close all the same', () => {
    const { forward, close, done } = outcome({ fault: 'duplicate' }, drop, { fault: 'close-after', by: 'reset' })

    assert.deepEqual(forward, [])
    assert.equal(close, 'reset')
    assert.deepEqual(
      done.map(({ effect }) => effect.fault),
      ['drop', 'close-after'],
    )
  })

  test('corrupted, twice and late add up', () => {
    const late: FaultEffect = { fault: 'delay', delayMs: 100 }

    const { forward, delayMs } = outcome({ fault: 'corrupt', place: 'any' }, { fault: 'duplicate' }, late, late)

    assert.deepEqual(
      forward.map((bytes) => bytes.toString('hex')),
      ['c100', 'c100'],
    )
    assert.equal(delayMs, 200)
  })

  test('none passes the packet on as it is, without a copy', () => {
    assert.equal(outcome().forward[0], packet.wire)
  })
})

describe('a refusal', () => {
  const request = { packetId: 7, properties: {} }

  test('is CONNACK for CONNECT, in the words of its version', () => {
    const codes = [0x84, 0x85, 0x86, 0x87, 0x88, 0x9c].map((code) => {
      const [below, five] = ([4, 5] as const).map((version) => refusalOf(connect({ version }), code, 5))
      return [below, five].map((packet) => packet?.type === 'connack' && packet.reasonCode)
    })

    assert.deepEqual(codes, [
      [1, 0x84],
      [2, 0x85],
      [4, 0x86],
      [5, 0x87],
      [3, 0x88],
      [3, 0x9c],
    ])
  })

  test('is SUBACK with one code for each filter', () => {
    const asked = subscribe(7, 'a', 'b')

    assert.deepEqual(refusalOf(asked, 0x87, 5), { type: 'suback', reasonCodes: [0x87, 0x87], ...request })
    assert.deepEqual(refusalOf(asked, 0x87, 4), { type: 'suback', reasonCodes: [0x80, 0x80], ...request })
  })

  test('is PUBACK or PUBREC for a publish, where the version has a code for it', () => {
    const qos = (level: 1 | 2) => publish({ qos: level, packetId: 7 })

    assert.deepEqual(refusalOf(qos(1), 0x97, 5), { type: 'puback', reasonCode: 0x97, ...request })
    assert.deepEqual(refusalOf(qos(2), 0x97, 5), { type: 'pubrec', reasonCode: 0x97, ...request })
    assert.equal(refusalOf(qos(1), 0x97, 4), undefined)
    assert.equal(refusalOf(publish(), 0x97, 5), undefined)
  })

  test('is UNSUBACK at MQTT 5 alone', () => {
    assert.deepEqual(refusalOf(unsubscribe(7, 'a'), 0x87, 5), { type: 'unsuback', reasonCodes: [0x87], ...request })
    assert.equal(refusalOf(unsubscribe(7, 'a'), 0x87, 4), undefined)
  })

  test('has a reason by number or by the standard’s name', () => {
    const said = [
      '0x87',
      '135',
      'not-authorized',
      'Not authorized',
      'server-busy',
      'quota-exceeded',
      'packet-too-large',
    ]

    assert.deepEqual(said.map(parseReasonCode), [0x87, 0x87, 0x87, 0x87, 0x89, 0x97, 0x95])
    for (const wrong of ['', '0', '0x7f', '256', 'success', 'toString', '__proto__']) {
      assert.equal(parseReasonCode(wrong), undefined, wrong)
    }
  })
})
