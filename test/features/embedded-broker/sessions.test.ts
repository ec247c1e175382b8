import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Acknowledgement, Connect, ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { acknowledgement, disconnect, publish } from '../../support/packets/packets.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { subscribeTo } from './subscriptions.ts'

let watched: WatchedBroker
let clients: PacketClient[]

beforeEach(async () => {
  watched = await startWatchedBroker()
  clients = []
})

afterEach(async () => {
  for (const client of clients) client.close()
  await watched.close()
  assert.deepEqual(
    watched.events.filter(({ event }) => event === 'fault' || event === 'violation'),
    [],
  )
})

for (const version of [4, 5] as const) {
  const kept = (clientId: string): Partial<Connect> => ({
    version,
    clientId,
    cleanStart: false,
    properties: version === 5 ? { sessionExpiryInterval: 300 } : {},
  })

  describe(`a session at version ${version}`, () => {
    test('is present even without a subscription, and gone after a clean start [MQTT-3.2.2-3]', async () => {
      const first = await open(kept('a'))
      first.close()
      await first.raw.whenClosed()
      const second = await open(kept('a'))
      const third = await open({ version, clientId: 'a', cleanStart: true })
      const fourth = await open(kept('a'))

      const present = [first, second, third, fourth].map(({ connack }) => connack.sessionPresent)
      assert.deepEqual(present, [false, true, false, false])
    })

    test('gets what came while its client was away, in order, QoS 0 excepted', async () => {
      const first = await open(kept('away'))
      first.send(subscribeTo('a', 1))
      await first.when('suback')
      first.send(disconnect())
      await first.raw.whenClosed()
      const publisher = await open({ version })
      for (const [index, qos] of ([1, 0, 2, 1] as const).entries()) {
        publisher.send(publish({ topic: 'a', qos, payload: Buffer.from([index]), ...(qos && { packetId: index + 1 }) }))
      }
      await publisher.settle()

      const second = await open(kept('away'))
      await second.when('publish', 3)
      await second.settle()

      const messages = second.all('publish').map(({ payload, qos, retain }) => [payload[0], qos, retain])
      assert.deepEqual(messages, [
        [0, 1, false],
        [2, 1, false],
        [3, 1, false],
      ])
    })

    test('sends again what was not acknowledged, with DUP and under its identifier [MQTT-3.3.1-1] [MQTT-4.4.0-1]', async () => {
      const first = await open(kept('again'))
      first.send(subscribeTo('a', 2))
      await first.when('suback')
      const publisher = await open({ version })
      for (const packetId of [1, 2, 3, 4]) publisher.send(publish({ topic: 'a', qos: packetId > 2 ? 2 : 1, packetId }))
      await first.when('publish', 4)
      const [one, two, three, four] = first.all('publish').map(({ packetId = 0 }) => packetId)
      first.send(acknowledgement('puback', one!), acknowledgement('pubrec', three!))
      await first.when('pubrel')
      first.close()

      const second = await open(kept('again'))
      await second.when('publish', 2)
      const pubrel = await second.when('pubrel')

      assert.deepEqual(
        second.all('publish').map(({ packetId, dup }) => [packetId, dup]),
        [
          [two, true],
          [four, true],
        ],
      )
      assert.equal(pubrel.packetId, three) // never PUBLISH again [MQTT-4.3.3-6]
    })

    test('remembers the QoS 2 messages that it took [MQTT-4.3.3-10], and a new session does not', async () => {
      const watcher = await open({ version })
      watcher.send(subscribeTo('a', 0))
      await watcher.when('suback')
      const message = publish({ topic: 'a', qos: 2, packetId: 77, payload: Buffer.from('1') })
      const first = await open(kept('sender'))
      first.send(message)
      await first.when('pubrec')
      first.close()

      const second = await open(kept('sender'))
      second.send({ ...message, dup: true })
      await second.when('pubrec')
      const third = await open({ version, clientId: 'sender', cleanStart: true })
      third.send({ ...message, payload: Buffer.from('2') })
      await third.when('pubrec')

      await watcher.settle()
      assert.deepEqual(
        watcher.all('publish').map(({ payload }) => Buffer.from(payload).toString()),
        ['1', '2'],
      )
    })

    test('moves to a second client with its identifier, and the first is closed [MQTT-3.1.4-3]', async () => {
      const first = await open(kept('same'))
      const second = await open(kept('same'))

      await first.raw.whenClosed()

      assert.deepEqual(
        first.all('disconnect').map(({ reasonCode }) => reasonCode),
        version === 5 ? [0x8e] : [],
      )
      assert.equal(second.connack.sessionPresent, true)
    })
  })
}

test('a session ends with its connection when the client asked for no more [MQTT-3.1.2-23]', async () => {
  const first = await open({ clientId: 'short', cleanStart: false })
  first.close()
  await watched.when('closed')

  const second = await open({ clientId: 'short', cleanStart: false })

  assert.equal(second.connack.sessionPresent, false)
})

test('DISCONNECT may shorten a session [MQTT5 §3.14.2.2.2]', async () => {
  const session = { clientId: 'short', cleanStart: false, properties: { sessionExpiryInterval: 300 } }
  const first = await open(session)
  first.send(disconnect(0, { sessionExpiryInterval: 0 }))
  await first.raw.whenClosed()

  const second = await open(session)

  assert.equal(second.connack.sessionPresent, false)
})

test('no more messages are under way than the client takes, and the rest follow in order [MQTT-3.3.4-9]', async () => {
  const subscriber = await open({ properties: { receiveMaximum: 2 } })
  subscriber.send(subscribeTo('a', 2))
  await subscriber.when('suback')
  const publisher = await open()
  for (let packetId = 1; packetId <= 5; packetId++) {
    publisher.send(publish({ topic: 'a', qos: packetId % 2 === 0 ? 2 : 1, packetId, payload: Buffer.from([packetId]) }))
  }
  await publisher.settle()
  await subscriber.settle()
  const seen = () => subscriber.all('publish').map(({ payload }) => payload[0])
  const answer = (index: number, type: Acknowledgement['type'], reasonCode = 0) =>
    subscriber.send(acknowledgement(type, subscriber.all('publish')[index]?.packetId ?? 0, reasonCode))

  assert.deepEqual(seen(), [1, 2])
  answer(0, 'puback')
  await subscriber.when('publish', 3)
  answer(1, 'pubrec') // does not make room yet: PUBCOMP does
  await subscriber.when('pubrel')
  await subscriber.settle()
  assert.deepEqual(seen(), [1, 2, 3])
  answer(1, 'pubcomp')
  await subscriber.when('publish', 4)
  answer(3, 'pubrec', 0x80) // refused: there is nothing to release
  await subscriber.when('publish', 5)

  assert.deepEqual(seen(), [1, 2, 3, 4, 5])
})

test('a message larger than the client takes is dropped, and the next one comes [MQTT-3.1.2-24] [MQTT-3.1.2-25]', async () => {
  const subscriber = await open({ properties: { maximumPacketSize: 50 } })
  subscriber.send(subscribeTo('a', 1))
  await subscriber.when('suback')
  const publisher = await open()

  publisher.send(publish({ topic: 'a', qos: 1, packetId: 1, payload: Buffer.alloc(100) }))
  publisher.send(publish({ topic: 'a', qos: 1, packetId: 2 }))

  assert.equal(Buffer.from((await subscriber.when('publish')).payload).toString(), 'open')
  assert.equal((await watched.when('dropped')).cause, 'larger than the client takes')
})

test('a message that expired while its client was away is not sent, another says what is left [MQTT-3.3.2-5] [MQTT-3.3.2-6]', async () => {
  const session = { clientId: 'late', cleanStart: false, properties: { sessionExpiryInterval: 300 } }
  const first = await open(session)
  first.send(subscribeTo('a', 1))
  await first.when('suback')
  first.send(disconnect())
  await first.raw.whenClosed()
  const publisher = await open()
  publisher.send(publish({ topic: 'a', qos: 1, packetId: 1, properties: { messageExpiryInterval: 0 } }))
  publisher.send(publish({ topic: 'a', qos: 1, packetId: 2, properties: { messageExpiryInterval: 100 } }))
  await publisher.settle()

  const second = await open(session)
  const message = await second.when('publish')

  assert.equal(message.properties.messageExpiryInterval, 100)
  assert.equal((await watched.when('dropped')).cause, 'expired')
})

test('a queue that is full drops what comes after, and says so', async () => {
  await watched.close()
  watched = await startWatchedBroker({ limits: { queuedMessages: 2 } })
  const session = { clientId: 'full', cleanStart: false, properties: { sessionExpiryInterval: 300 } }
  const first = await open(session)
  first.send(subscribeTo('a', 1))
  await first.when('suback')
  first.send(disconnect())
  await first.raw.whenClosed()
  const publisher = await open()
  for (const packetId of [1, 2, 3]) {
    publisher.send(publish({ topic: 'a', qos: 1, packetId, payload: Buffer.from([packetId]) }))
  }
  await publisher.settle()

  const second = await open(session)
  await second.when('publish', 2)

  assert.deepEqual(
    second.all('publish').map(({ payload }) => payload[0]),
    [1, 2],
  )
  assert.equal((await watched.when('dropped')).cause, 'queue full')
})

for (const version of [3, 4, 5] as const) {
  test(`acknowledgements of nothing are answered or passed over, version ${version}`, async () => {
    const client = await open({ version: version as ProtocolVersion })

    client.send(...(['puback', 'pubcomp', 'pubrec', 'pubrel'] as const).map((type) => acknowledgement(type, 999)))
    await client.settle()

    const answers = [...client.all('pubrel'), ...client.all('pubcomp')]
    const unknown = version === 5 ? 0x92 : 0 // [MQTT-4.3.3-11]
    assert.deepEqual(
      answers.map((packet) => [packet.type, (packet as Acknowledgement).reasonCode]),
      [
        ['pubrel', unknown],
        ['pubcomp', unknown],
      ],
    )
  })
}

let lastClient = 0

async function open(changes: Partial<Connect> = {}): Promise<PacketClient> {
  const client = await PacketClient.open(watched.port, { clientId: `client-${++lastClient}`, ...changes })
  clients.push(client)
  return client
}
