import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTrace, traceNextConnection, traceTapped } from '../../../src/protocol/session/wire-trace.ts'
import { connack, connect } from '../../support/packets/packets.ts'

test('turns tapped packets into events with the time since the one before', () => {
  const first = traceTapped(startTrace(), {
    sender: 'client',
    atMicroseconds: 100,
    bytes: 20,
    decoded: connect({ version: 4 }),
  })
  const second = traceTapped(first.trace, { sender: 'server', atMicroseconds: 150, bytes: 4, decoded: connack() })

  assert.equal(first.event.sincePreviousMicroseconds, 0)
  assert.equal(second.event.sincePreviousMicroseconds, 50)
  assert.equal(second.event.version, 4)
  assert.equal(second.event.facts[0]?.kind, 'connected')
})

test('bytes that are no packet become an event with the violation and no facts', () => {
  const violation = { offset: 0, rule: '[MQTT-2.1.3-1]', reasonCode: 0x81, message: 'wrong flags' }

  const { event } = traceTapped(startTrace(), { sender: 'server', atMicroseconds: 5, bytes: 2, decoded: violation })

  assert.deepEqual(event.violation, violation)
  assert.equal(event.packet, undefined)
  assert.deepEqual(event.facts, [])
})

test('events after a reconnect say so by the number of their connection', () => {
  const { trace } = traceTapped(startTrace(), { sender: 'client', atMicroseconds: 0, bytes: 20, decoded: connect() })

  const { event } = traceTapped(traceNextConnection(trace), {
    sender: 'client',
    atMicroseconds: 10,
    bytes: 20,
    decoded: connect(),
  })

  assert.equal(event.connection, 2)
  assert.deepEqual(event.facts, [])
})

test('the size of a packet on the wire is judged by the limit of the other side [MQTT-3.2.2-15]', () => {
  const opening = traceTapped(startTrace(), { sender: 'client', atMicroseconds: 0, bytes: 20, decoded: connect() })
  const limited = connack({ maximumPacketSize: 100 })
  const accepted = traceTapped(opening.trace, { sender: 'server', atMicroseconds: 1, bytes: 9, decoded: limited })

  const { event } = traceTapped(accepted.trace, {
    sender: 'client',
    atMicroseconds: 2,
    bytes: 101,
    decoded: { type: 'pingreq' },
  })

  assert.equal(event.facts[0]?.kind === 'limit-exceeded' && event.facts[0].rule, '[MQTT-3.2.2-15]')
})
