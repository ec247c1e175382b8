import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Gate } from '../../../src/connection/link/gate.ts'
import { Outbox } from '../../../src/connection/link/outbox.ts'
import { Receiver } from '../../../src/connection/link/receiver.ts'
import { InboundWindow } from '../../../src/protocol/session/inbound-window.ts'
import { InboundTopicAliases } from '../../../src/protocol/session/topic-alias.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import type { Violation } from '../../../src/protocol/wire/violation.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'

interface Setting {
  readonly version?: ProtocolVersion
  readonly receiveMaximum?: number
  readonly aliases?: number
  /** Messages that are wanted; those beyond are not. */
  readonly wanted?: number
  readonly readsAhead?: number
}

/** A receiver behind a gate, with a sink that writes when the test says so. */
function receiving({ version = 5, receiveMaximum = 10, aliases = 0, wanted = 1000, readsAhead }: Setting = {}) {
  const transport = new FakeTransport()
  const outbox = new Outbox(transport)
  const shown: string[] = []
  const unwritten: Array<(count?: number) => void> = []
  const holds: boolean[] = []
  const violations: Violation[] = []
  const receiver = new Receiver({
    sink: {
      message: (message) => {
        if (shown.length === wanted) return false
        shown.push(`${message.topic()}=${message.bytes.toString('utf8', message.payloadStart, message.payloadEnd)}`)
        return true
      },
      batchEnd: (written) => unwritten.push(written),
      ...(readsAhead !== undefined && { readsAhead }),
    },
    window: new InboundWindow(receiveMaximum),
    aliases: new InboundTopicAliases(aliases),
    outbox,
    version,
    hold: (isHeld) => holds.push(isHeld),
  })
  const gate = new Gate(version, {
    scannedPublish: (publish) => receiver.scannedPublish(publish),
    decodedPublish: (packet) => receiver.decodedPublish(packet),
    acknowledgement: (_, packetId) => void receiver.release(packetId),
    control: () => undefined,
    tolerated: () => {},
    violated: (violation) => violations.push(violation),
  })
  transport.onBytes = (bytes) => {
    gate.receive(bytes)
    receiver.readEnd()
    outbox.flush()
  }
  /** The oldest batch is written. */
  const write = () => unwritten.shift()?.()
  return { transport, receiver, shown, write, holds, violations, unwritten }
}

const qos0 = '30 05 0001 61 00 78'
const qos1 = (id: string) => `32 07 0001 61 ${id} 00 78`
const qos2 = (id: string) => `34 07 0001 61 ${id} 00 78`

describe('acknowledging', () => {
  test('waits until the sink has written, and goes out together, in the order of arrival [MQTT-4.6.0-2]', () => {
    const { transport, write } = receiving()

    transport.deliver(qos1('0001') + qos2('0002') + qos1('0003'))
    const before = transport.takeSent()
    write()

    assert.deepEqual([before, transport.sent], ['', '400200015002000240020003'])
    assert.equal(transport.writes.length, 1)
  })

  test('is of the batch that was written, not of the one behind it', () => {
    const { transport, write } = receiving()

    transport.deliver(qos1('0001'))
    transport.deliver(qos1('0002'))
    write()

    assert.equal(transport.sent, '40020001')
  })

  test('does not happen at QoS 0', () => {
    const { transport, write, shown } = receiving()

    transport.deliver(qos0)
    write()

    assert.deepEqual([transport.sent, shown], ['', ['a=x']])
  })

  test('does not happen for a message that is not wanted any more', () => {
    const { transport, write, shown } = receiving({ wanted: 1 })

    transport.deliver(qos1('0001') + qos1('0002') + qos2('0003'))
    write()

    assert.deepEqual([shown.length, transport.sent], [1, '40020001'])
  })

  test('does not happen on a connection that is gone', () => {
    const { transport, receiver, write } = receiving()
    transport.deliver(qos1('0001'))

    receiver.close()
    write()

    assert.equal(transport.sent, '')
  })
})

describe('QoS 2', () => {
  test('is shown once, with PUBREC each time [MQTT-4.3.3-10]', () => {
    const { transport, write, shown } = receiving()

    transport.deliver(qos2('0007'))
    write()
    transport.deliver(`3c${qos2('0007').slice(2)}`)
    write()

    assert.deepEqual([shown.length, transport.sent], [1, '5002000750020007'])
  })

  test('is answered with PUBCOMP at each PUBREL; an unknown one with 0x92 [MQTT-4.3.3-11]', () => {
    const { transport, write } = receiving()
    transport.deliver(qos2('0007'))
    write()
    transport.takeSent()

    transport.deliver('62 02 0007')
    transport.deliver('62 02 0007')

    assert.equal(transport.sent, '700200077003000792')
  })

  test('is answered with PUBCOMP below MQTT 5, where there are no reason codes', () => {
    const { transport } = receiving({ version: 4 })

    transport.deliver('62 02 0007')

    assert.equal(transport.sent, '70020007')
  })
})

describe('a server that goes too far', () => {
  test('exceeds our Receive Maximum: 0x93 [MQTT-3.3.4-9]', () => {
    const { transport, violations, shown } = receiving({ receiveMaximum: 1 })

    transport.deliver(qos1('0001') + qos1('0002'))

    assert.deepEqual([violations[0]?.rule, violations[0]?.reasonCode], ['[MQTT-3.3.4-9]', 0x93])
    assert.equal(shown.length, 1)
  })

  test('may send the next one as soon as PUBACK is out', () => {
    const { transport, violations, write } = receiving({ receiveMaximum: 1 })

    transport.deliver(qos1('0001'))
    write()
    transport.deliver(qos1('0001'))

    assert.deepEqual(violations, [])
  })

  test('uses an alias that we did not allow: 0x94 [MQTT-3.1.2-27]', () => {
    const { transport, violations } = receiving()

    transport.deliver('30 08 0001 61 03 23 0001 78')

    assert.deepEqual([violations[0]?.rule, violations[0]?.reasonCode], ['[MQTT-3.1.2-27]', 0x94])
  })
})

describe('a topic alias', () => {
  test('stands for its topic, and for another one when it is given anew', () => {
    const { transport, shown, violations } = receiving({ aliases: 2 })
    const aliasOnly = '30 07 0000 03 23 0001 78'

    transport.deliver(`30 08 0001 61 03 23 0001 78 ${aliasOnly} 30 09 0002 c3a9 03 23 0001 78 ${aliasOnly}`)

    assert.deepEqual([shown, violations], [['a=x', 'a=x', 'é=x', 'é=x'], []])
  })
})

describe('a slow reader of our output', () => {
  test('holds reading when four reads are not written, and lets go with the next that is', () => {
    const { transport, holds, write } = receiving()

    for (let read = 0; read < 4; read++) transport.deliver(qos0)
    const held = [...holds]
    write()

    assert.deepEqual([held, holds], [[true], [true, false]])
  })

  test('is asked for nothing when a read held no message', () => {
    const { transport, unwritten } = receiving()

    transport.deliver('d0 00')

    assert.equal(unwritten.length, 0)
  })
})

test('a sink that is slow has its messages acknowledged one by one, and reads no more before the last', () => {
  const { transport, unwritten, holds } = receiving({ readsAhead: 1 })
  transport.deliver(qos1('0001') + qos1('0002') + qos1('0003'))
  const [written] = unwritten

  written?.(1)
  const first = transport.takeSent()
  written?.(1)
  const second = transport.takeSent()
  const holdsBefore = [...holds]
  written?.()

  assert.deepEqual([first, second, transport.takeSent()], ['40020001', '40020002', '40020003'])
  assert.deepEqual([holdsBefore, holds], [[true], [true, false]])
})
