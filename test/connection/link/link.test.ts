import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exitCodeOf } from '../../../src/command/exit-codes.ts'
import { leanDriver } from '../../../src/connection/driver/drivers.ts'
import { Link, type LinkParts } from '../../../src/connection/link/link.ts'
import { Publisher } from '../../../src/connection/publish/publisher.ts'
import { serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'
import { connack, suback } from '../../support/packets/packets.ts'
import { worded } from '../../support/program/worded.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'

const accepting = (version: ProtocolVersion) => (version === 5 ? '20 03 00 00 00' : '20 02 00 00')

/** A link with a session on it, and nothing of CONNECT left in what was sent. */
async function connected(version: ProtocolVersion, more: Partial<LinkParts> = {}) {
  const transport = new FakeTransport()
  const notes: string[] = []
  const parts = { version, makeDriver: leanDriver, accepted: () => {}, ...more }
  const link = new Link(transport, { ...parts, note: (message) => notes.push(message) })
  const request = { version, clientId: 'c', cleanStart: true, mayResume: false, keepAliveSeconds: 0, properties: {} }
  const answer = link.connect(request)
  transport.deliver(accepting(version))
  await answer
  transport.takeSent()
  return { transport, link, notes }
}

function publisherOn(link: Link, qos: 1 | 2): Publisher {
  const hooks = { ready: () => {}, settled: () => {} }
  const publisher = new Publisher({ topic: 'a', qos, retain: false, properties: {} }, undefined, hooks)
  publisher.attach(link.outbox, 5, serverLimits(connack(), 5), false)
  return publisher
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

describe('an acknowledgement under an identifier that nothing of ours waits under', () => {
  const unused: ReadonlyArray<readonly [name: string, version: ProtocolVersion, hex: string, answer: string]> = [
    ['PUBACK', 3, '40 02 4d4d', ''],
    ['PUBACK', 4, '40 02 4d4d', ''],
    ['PUBACK', 5, '40 04 4d4d 10 00', ''],
    ['PUBREC', 4, '50 02 4d4d', '62024d4d'],
    ['PUBREC', 5, '50 02 4d4d', '62034d4d92'],
    ['PUBREC', 5, '50 03 4d4d 87', ''], // it says no: there is no second half
    ['PUBCOMP', 4, '70 02 4d4d', ''],
    ['PUBCOMP', 5, '70 03 4d4d 92', ''],
    ['SUBACK', 4, '90 03 4d4d 00', ''],
    ['SUBACK', 5, '90 04 4d4d 00 00', ''],
    ['UNSUBACK', 4, 'b0 02 4d4d', ''],
    ['UNSUBACK', 5, 'b0 04 4d4d 00 00', ''],
  ]
  for (const [name, version, hex, answer] of unused) {
    test(`fault 12: ${name} at ${version} is noted, and the connection goes on (${hex})`, async () => {
      const { transport, notes } = await connected(version)

      transport.deliver(hex)

      assert.deepEqual([transport.sent, transport.hasEnded], [answer, false])
      assert.match(notes.join(), new RegExp(`${name} .*19789`))
    })
  }

  test('fault 12: is no answer to what does wait', async () => {
    const { transport, link } = await connected(5)
    const subscription = { filter: 'a', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
    const answered = link.driver.subscribe([subscription], {})

    transport.deliver('90 04 4d4d 00 87')
    transport.deliver('90 04 ff9c 00 00')

    assert.deepEqual(await answered, suback(65_436, 0))
  })

  test('fault 12: is said ten times at most, however many come', async () => {
    const { transport, notes } = await connected(5)

    transport.deliver('40 02 4d4d '.repeat(1000))

    assert.equal(notes.length, 10)
    assert.match(notes.at(-1) ?? '', /no more/)
  })

  test('fault 12: but PUBACK to a SUBSCRIBE, and SUBACK to a publish, are of the wrong type: 0x82', async () => {
    for (const [hex, rule] of [
      ['40 02 ff9c', '[MQTT-2.2.1-5]'],
      ['90 04 0001 00 00', '[MQTT-2.2.1-6]'],
    ] as const) {
      const { transport, link } = await connected(5)
      const subscription = { filter: 'a', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const
      link.driver.subscribe([subscription], {}).catch(() => {})
      link.publisher = publisherOn(link, 1)
      link.publisher.publish(Buffer.from('x'), 0, 1, 1)
      transport.takeSent()

      transport.deliver(hex)
      transport.close()
      const { error } = await link.ended

      assert.deepEqual([error?.details.statement, error?.details.reasonCode], [rule, 0x82])
    }
  })
})

describe('reserved flags of the fixed header', () => {
  const flagged = ['92 04 4d4d 00 00', '42 02 4d4d', '60 02 0007', 'd1 00', 'b4 04 4d4d 00 00']
  for (const hex of flagged) {
    test(`${hex}: end the connection, which says what lets them pass`, async () => {
      const { transport, link } = await connected(5)

      transport.deliver(hex)
      transport.close()
      const { error } = await link.ended

      assert.equal(error?.details.reasonCode, 0x81)
      assert.ok(error !== undefined)
      assert.match(worded(error).details.tries.join(), /--lenient flags/)
    })

    test(`${hex}: are noted and let pass where that was asked for`, async () => {
      const { transport, notes } = await connected(5, { toleratesFlags: true })

      transport.deliver(hex)

      assert.equal(transport.hasEnded, false)
      assert.match(notes[0] ?? '', /flags are \d+ and must be \d+ \[MQTT-/)
    })
  }

  test('let pass nothing else: what is wrong behind them is found', async () => {
    const { transport, link } = await connected(5, { toleratesFlags: true })

    transport.deliver('92 03 4d4d 00') // SUBACK without a reason code
    transport.close()

    assert.equal((await link.ended).error?.details.statement, '[MQTT-3.8.4-6]')
  })
})

describe('after our DISCONNECT', () => {
  test('nothing is sent any more, whatever comes [MQTT-3.14.4-1]', async () => {
    const { transport, link } = await connected(5)
    const publisher = publisherOn(link, 2)
    link.publisher = publisher
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

describe('a link that is left', () => {
  test('does not wait for the end of a broker that has no more to say', async () => {
    const { transport, link } = await connected(5)

    const left = link.leave(0, {}, true)
    await transport.whenWritten(1)
    transport.close()
    await left

    assert.deepEqual([transport.sent, transport.hasDeparted], ['e000', true])
  })

  test('waits for it when an answer to a ping is under way: on a closed socket it would be a reset', async () => {
    const { transport, link } = await connected(5)
    link.sendPing()

    const left = link.leave(0, {}, true)
    await transport.whenWritten(2)
    transport.close()
    await left

    assert.deepEqual([transport.sent, transport.hasDeparted], ['c000e000', false])
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
