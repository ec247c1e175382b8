import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exitCodeOf } from '../../../src/command/exit-codes.ts'
import { leanDriver } from '../../../src/connection/driver/drivers.ts'
import { Link } from '../../../src/connection/link/link.ts'
import { Publisher } from '../../../src/connection/publish/publisher.ts'
import { serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { FakeTransport } from '../../support/fake-transport.ts'
import { connack } from '../../support/packets.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'

const accepting = (version: ProtocolVersion) => (version === 5 ? '20 03 00 00 00' : '20 02 00 00')

/** A link with a session on it, and nothing of CONNECT left in what was sent. */
async function connected(version: ProtocolVersion) {
  const transport = new FakeTransport()
  const link = new Link(transport, { version, makeDriver: leanDriver, accepted: () => {} })
  const request = { version, clientId: 'c', cleanStart: true, mayResume: false, keepAliveSeconds: 0, properties: {} }
  const answer = link.connect(request)
  transport.deliver(accepting(version))
  await answer
  transport.takeSent()
  return { transport, link }
}

describe('a violation by the broker', () => {
  const fromServer = malformedVectors.filter(
    ([name, , sender, hex]) => sender === 'server' && !name.startsWith('fewer bytes') && !hex.startsWith('20'),
  )

  test('fault 1: is answered with DISCONNECT and its reason code at MQTT 5, with silence below, and the end is 6', async () => {
    assert.ok(fromServer.length > 30, `${fromServer.length} vectors`)
    for (const [name, version, , malformed, , rule, offset, reasonCode] of fromServer) {
      const { transport, link } = await connected(version)

      transport.deliver(malformed)
      transport.deliver('d0 00')
      transport.close()
      const { error } = await link.ended

      const goodbye = version === 5 ? `e002${reasonCode.toString(16)}00` : '' // [MQTT-4.13.2-1]
      assert.equal(transport.sent, goodbye, name)
      assert.equal(transport.hasEnded, true, name)
      assert.deepEqual([exitCodeOf(error), error?.details.statement, error?.details.offset], [6, rule, offset], name)
    }
  })

  test('fault 1: before CONNACK is answered with nothing: there is no session to disconnect', async () => {
    const transport = new FakeTransport()
    const link = new Link(transport, { version: 5, makeDriver: leanDriver, accepted: () => {} })
    const request = {
      version: 5,
      clientId: 'c',
      cleanStart: true,
      mayResume: false,
      keepAliveSeconds: 0,
      properties: {},
    }
    const answer = link.connect({ ...request, version: 5 })
    transport.takeSent()

    transport.deliver('21 03 00 00 00')
    transport.close()

    await assert.rejects(answer, { kind: 'protocol' })
    assert.deepEqual([transport.sent, transport.hasEnded], ['', true])
  })
})

describe('what comes to a client that did not ask for it', () => {
  test('a message stays unacknowledged, and is for who takes the session up next', async () => {
    const { transport } = await connected(5)

    transport.deliver('32 07 0001 61 0001 00 78 30 07 0001 61 02 0101 78')

    assert.deepEqual([transport.sent, transport.hasEnded], ['', false])
  })

  test('PUBREL is answered with PUBCOMP all the same [MQTT-4.3.3-11]', async () => {
    const { transport } = await connected(5)

    transport.deliver('62 02 0007')

    assert.equal(transport.sent, '70020007')
  })

  test('PINGRESP is nothing to speak of', async () => {
    const { transport } = await connected(5)

    transport.deliver('d0 00')

    assert.deepEqual([transport.sent, transport.hasEnded], ['', false])
  })
})

describe('after our DISCONNECT', () => {
  test('nothing is sent any more, whatever comes [MQTT-3.14.4-1]', async () => {
    const { transport, link } = await connected(5)
    const publisher = new Publisher({ topic: 'a', qos: 2, retain: false, properties: {} }, undefined, {
      ready: () => {},
      settled: () => {},
      notice: () => {},
    })
    link.publisher = publisher
    publisher.attach(link.outbox, 5, serverLimits(connack(), 5), false)
    publisher.publish(Buffer.from('x'), 0, 1, 1)
    publisher.flush()
    transport.takeSent()

    const left = link.leave(0, {})
    await transport.whenWritten(1)
    transport.onBytes(Buffer.from('50020001', 'hex')) // a PUBREC that crossed it
    transport.close()
    await left

    assert.equal(transport.sent, 'e000')
  })

  test('what was gathered goes out before it', async () => {
    const { transport, link } = await connected(4)
    link.outbox.appendAcknowledgement(0x40, 1)

    const left = link.leave(0, {})
    transport.close()
    await left

    assert.equal(transport.sent, '40020001e000')
  })
})

test('the end of the connection in the middle of a packet names the packet', async () => {
  const { transport, link } = await connected(5)

  transport.deliver('30 08 0001 61')
  transport.close()
  const { error } = await link.ended

  assert.equal(error?.kind, 'lost')
  const unfinished = { packet: 'publish', declaredBytes: 10, receivedBytes: 5 }
  assert.deepEqual(error?.details.facts, { unfinished })
})
