import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Durations } from '../../src/observation/durations.ts'
import { StreamReader } from '../../src/observation/stream-reader.ts'
import { SummaryCounter } from '../../src/observation/summary.ts'
import type { Sender } from '../../src/protocol/wire/packet.ts'
import { fromHex } from '../support/packets/hex.ts'

type Passed = readonly [direction: Sender, hex: string, atMicroseconds: number]

function summaryOf(passed: readonly Passed[]) {
  const counter = new SummaryCounter()
  const reader = new StreamReader((packet) => counter.take(packet))
  reader.opened(1)
  for (const [direction, hex, atMicroseconds] of passed) {
    reader.push({ direction, bytes: fromHex(hex), atMicroseconds, connection: 1 })
  }
  return counter.summary(reader.conversation)
}

const opening: readonly Passed[] = [
  ['client', '10 0f 0004 4d515454 05 02 003c 00 0002 6331', 0],
  ['server', '20 03 00 00 00', 10],
]

test('counts packets and bytes by type and direction', () => {
  const { packets } = summaryOf([...opening, ['client', 'c000', 20], ['server', 'd000', 30], ['client', 'c000', 40]])

  assert.deepEqual(packets, [
    { sender: 'client', type: 'connect', packets: 1, bytes: 17 },
    { sender: 'server', type: 'connack', packets: 1, bytes: 5 },
    { sender: 'client', type: 'pingreq', packets: 2, bytes: 4 },
    { sender: 'server', type: 'pingresp', packets: 1, bytes: 2 },
  ])
})

test('measures handshakes by QoS, and names those that did not end', () => {
  const { handshakes, unfinished } = summaryOf([
    ...opening,
    ['client', '32 07 0002 6162 0001 00', 100],
    ['server', '40 02 0001', 350],
    ['client', '34 07 0002 6162 0002 00', 400],
    ['server', '50 02 0002', 500],
  ])

  assert.deepEqual(handshakes, [
    { sender: 'client', qos: 1, count: 1, p50Microseconds: 250, p99Microseconds: 250, maxMicroseconds: 250 },
  ])
  assert.deepEqual(
    unfinished.map(({ publish, awaits }) => [publish.topic, publish.packetId, awaits]),
    [['ab', 2, 'pubrel']],
  )
})

test('counts reason codes and broken rules, those of the conversation too', () => {
  const { reasonCodes, violations } = summaryOf([
    ...opening,
    ['server', '40 02 0009', 20],
    ['server', '36 07 0002 6162 0001 00', 30],
    ['server', '20 03 00 00 00', 40],
    ['server', '20 03 00 00 00', 50],
  ])

  assert.deepEqual(
    reasonCodes.map(({ packet, reasonName, count }) => [packet, reasonName, count]),
    [
      ['connack', 'Success', 3],
      ['puback', 'Success', 1],
    ],
  )
  assert.deepEqual(
    violations.map(({ by, rule, count }) => [by, rule, count]),
    [
      ['server', '[MQTT-2.2.1-5]', 1], // a PUBACK for nothing: a client goes on, and it is a finding
      ['server', '[MQTT-3.3.1-4]', 1],
      ['server', '[MQTT-3.2.0-2]', 2],
    ],
  )
})

test('knows no reason codes where the version has none', () => {
  const { reasonCodes } = summaryOf([
    ['client', '10 0e 0004 4d515454 04 02 003c 0002 6331', 0],
    ['server', '20 02 00 00', 10],
    ['server', '40 02 0009', 20],
  ])

  assert.deepEqual(
    reasonCodes.map(({ packet }) => packet),
    ['connack'],
  )
})

test('keeps kinds of violations apart only up to a bound', () => {
  const bad: Passed[] = Array.from({ length: 300 }, (_, index) => {
    const id = (0x30 + (index % 0x40)).toString(16)
    return ['server', `90 04 0001 00 ${id}`, index]
  })
  const { violations, otherViolations } = summaryOf([...opening, ...bad])

  assert.ok(violations.length <= 200)
  assert.equal(violations.reduce((sum, { count }) => sum + count, 0) + otherViolations >= 300, true)
})

test('gives percentiles by nearest rank', () => {
  const durations = new Durations()
  for (let value = 1; value <= 100; value++) durations.add(value)

  assert.deepEqual(durations.figures(), {
    count: 100,
    p50Microseconds: 50,
    p99Microseconds: 99,
    maxMicroseconds: 100,
  })
})
