import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Connect, Publish, QoS, Subscribe } from '../../../src/protocol/wire/packet.ts'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { disconnect, publish } from '../../support/packets/packets.ts'
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

const qualities = [0, 1, 2] as const

describe('a message comes at the lower of its own QoS and that of the subscription [MQTT-3.8.4-8]', () => {
  for (const version of [3, 4, 5] as const) {
    for (const granted of qualities) {
      test(`version ${version}, wildcard subscription of QoS ${granted}, live and retained`, async () => {
        const publisher = await open({ version })
        const subscriber = await subscribed({ version }, subscribeTo('a/#', granted))

        for (const qos of qualities) await published(publisher, { topic: `a/${qos}`, qos, retain: true })
        const live = await received(subscriber, 3)
        const late = await subscribed({ version }, subscribeTo('a/+', granted))
        const retained = await received(late, 3)

        const lower = qualities.map((qos) => [`a/${qos}`, Math.min(qos, granted)])
        assert.deepEqual(
          live.map(({ topic, qos }) => [topic, qos]),
          lower,
        )
        assert.deepEqual(retained.map(({ topic, qos }) => [topic, qos]).sort(), lower)
        assert.deepEqual(
          [live.map(({ retain }) => retain), retained.map(({ retain }) => retain)],
          [
            [false, false, false],
            [true, true, true],
          ],
        ) // [MQTT-3.3.1-8] [MQTT-3.3.1-9]
      })
    }
  }
})

for (const cleanStart of [true, false]) {
  test(`overlapping subscriptions send one message at their highest QoS, clean start ${cleanStart} [MQTT-3.3.4-2]`, async () => {
    const version = 4
    const subscriber = await open({ version, cleanStart })
    subscriber.send(subscribeTo('#', 0), subscribeTo('a/b', 2), subscribeTo('a/+', 1))
    await subscriber.when('suback', 3)
    const publisher = await open({ version })

    await published(publisher, { topic: 'a/b', qos: 2 })
    await published(publisher, { topic: 'end', qos: 0 })

    const messages = await received(subscriber, 2)
    assert.deepEqual(
      messages.map(({ topic, qos }) => [topic, qos]),
      [
        ['a/b', 2],
        ['end', 0],
      ],
    )
  })
}

test('every matching Subscription Identifier is in the message, once each [MQTT-3.3.4-3] [MQTT-3.3.4-4]', async () => {
  const subscriber = await open()
  subscriber.send(
    subscribeTo('a/#', 0, {}, { subscriptionIdentifier: [7] }),
    subscribeTo('a/b', 1, {}, { subscriptionIdentifier: [268_435_455] }),
    subscribeTo('+/b', 1),
    subscribeTo('other', 1, {}, { subscriptionIdentifier: [9] }),
  )
  await subscriber.when('suback', 4)

  await published(await open(), { topic: 'a/b', qos: 1 })

  const [message] = await received(subscriber, 1)
  assert.deepEqual([...(message?.properties.subscriptionIdentifier ?? [])].sort(), [268_435_455, 7])
})

test('No Local keeps a message from who sent it, and from nobody else [MQTT-3.8.3-3]', async () => {
  const noLocal = await subscribed({ clientId: 'own' }, subscribeTo('a', 1, { noLocal: true }))
  const other = await subscribed({}, subscribeTo('a', 1, { noLocal: true }))

  await published(noLocal, { topic: 'a', qos: 1 })
  await published(other, { topic: 'a', qos: 1, payload: Buffer.from('from other') })

  const [message] = await received(noLocal, 1)
  assert.equal(Buffer.from(message?.payload ?? []).toString(), 'from other')
  assert.equal((await received(other, 1)).length, 1)
})

test('Retain As Published keeps the flag, its absence clears it [MQTT-3.3.1-12] [MQTT-3.3.1-13]', async () => {
  const keeps = await subscribed({}, subscribeTo('a', 1, { retainAsPublished: true }))
  const clears = await subscribed({}, subscribeTo('a', 1))

  await published(await open(), { topic: 'a', qos: 1, retain: true })

  assert.equal((await received(keeps, 1))[0]?.retain, true)
  assert.equal((await received(clears, 1))[0]?.retain, false)
})

test('Retain Handling 1 sends retained messages for a new subscription only, 2 never [MQTT-3.3.1-10] [MQTT-3.3.1-11]', async () => {
  await published(await open(), { topic: 'a', qos: 1, retain: true })
  const once = await subscribed({}, subscribeTo('a', 1, { retainHandling: 1 }))
  const never = await subscribed({}, subscribeTo('a', 1, { retainHandling: 2 }))

  assert.equal((await received(once, 1)).length, 1)
  once.send(subscribeTo('a', 1, { retainHandling: 1 }))
  await published(await open(), { topic: 'a', qos: 1, payload: Buffer.from('live') })

  const texts = (messages: readonly Publish[]) => messages.map(({ payload }) => Buffer.from(payload).toString())
  assert.deepEqual(texts(await received(once, 2)), ['open', 'live'])
  assert.deepEqual(texts(await received(never, 1)), ['live'])
})

test('an empty retained message forgets the one before it [MQTT-3.3.1-6] [MQTT-3.3.1-7]', async () => {
  const publisher = await open()
  await published(publisher, { topic: 'a', qos: 1, retain: true })
  await published(publisher, { topic: 'a', qos: 1, retain: true, payload: Buffer.alloc(0) })
  await published(publisher, { topic: 'b', qos: 1, retain: true })

  const subscriber = await subscribed({}, subscribeTo('#', 1))

  assert.deepEqual(
    (await received(subscriber, 1)).map(({ topic }) => topic),
    ['b'],
  )
})

test('a burst of retained and other messages in one write arrives whole and in order [MQTT-4.6.0-6]', async () => {
  const subscriber = await subscribed({}, subscribeTo('#', 2))
  const publisher = await open()
  const burst = Array.from({ length: 100 }, (_, index) => {
    const qos = (index % 3) as QoS
    return publish({
      topic: 'a',
      qos,
      retain: index % 2 === 0,
      payload: Buffer.from([index]),
      ...(qos && { packetId: index + 1 }),
    })
  })

  publisher.send(...burst)

  const messages = await received(subscriber, 100)
  assert.deepEqual(
    messages.map(({ payload }) => payload[0]),
    burst.map((_, index) => index),
  )
})

test('a QoS 2 message sent again before PUBREL is delivered once [MQTT-4.3.3-10], and its DUP flag stays with its sender [MQTT-3.3.1-3]', async () => {
  const subscriber = await subscribed({}, subscribeTo('a', 2))
  const publisher = await open()
  const message = publish({ topic: 'a', qos: 2, packetId: 5 })

  publisher.send(message, { ...message, dup: true }, { ...message, dup: true })
  await publisher.when('pubrec', 3)
  publisher.send({ type: 'pubrel', packetId: 5, reasonCode: 0, properties: {} })
  await publisher.when('pubcomp')
  publisher.send({ ...message, dup: true, topic: 'a', payload: Buffer.from('new') })

  const messages = await received(subscriber, 2)
  assert.deepEqual(
    messages.map(({ payload, dup }) => [Buffer.from(payload).toString(), dup]),
    [
      ['open', false],
      ['new', false],
    ],
  )
})

test('properties of a message arrive unaltered, its topic alias does not', async () => {
  const properties = {
    payloadFormatIndicator: 1,
    messageExpiryInterval: 0xffff_fffe,
    contentType: 'text/plain',
    responseTopic: 'answer',
    correlationData: Buffer.from([0, 1, 255]),
    userProperties: [['', '']],
  } as const
  const subscriber = await subscribed({}, subscribeTo('a', 0))
  const publisher = await open()

  publisher.send(publish({ topic: 'a', properties: { ...properties, topicAlias: 3 } }))
  publisher.send(publish({ topic: '', properties: { topicAlias: 3 } }))

  const [first, second] = await received(subscriber, 2)
  assert.deepEqual(first?.properties, properties)
  assert.deepEqual([second?.topic, second?.properties], ['a', {}])
})

test('fault 49: a topic alias means what it meant when its packet came, however many follow', async () => {
  await watched.close()
  watched = await startWatchedBroker({ deny: ['secret/#'] })
  const subscriber = await subscribed({}, subscribeTo('#', 0))
  const publisher = await open()
  const topics = Array.from({ length: 200 }, (_, index) => (index % 5 === 4 ? `secret/${index}` : `open/${index}`))

  publisher.send(
    ...topics.map((topic, index) => {
      const payload = Buffer.from(topic)
      return publish({ topic, qos: 1, packetId: index + 1, payload, properties: { topicAlias: 1 } })
    }),
  )
  await publisher.when('puback', topics.length)

  const messages = await received(subscriber, 160)
  assert.deepEqual(
    messages.map(({ topic, payload }) => [topic, Buffer.from(payload).toString()]),
    topics.filter((topic) => topic.startsWith('open/')).map((topic) => [topic, topic]),
  )
})

describe('a will', () => {
  const will = { topic: 'will', payload: Buffer.from('gone'), qos: 1, retain: false, properties: {} } as const

  test('comes when the connection breaks, and not after DISCONNECT [MQTT-3.1.2-8] [MQTT-3.14.4-3]', async () => {
    const watcher = await subscribed({}, subscribeTo('will', 1))
    const leaves = await open({ will: { ...will, payload: Buffer.from('leaves') } })
    const breaks = await open({ will: { ...will, payload: Buffer.from('breaks') } })

    leaves.send(disconnect())
    await leaves.raw.whenClosed()
    breaks.close()

    const [message] = await received(watcher, 1)
    assert.equal(Buffer.from(message?.payload ?? []).toString(), 'breaks')
  })

  test('comes after a DISCONNECT that asks for it, and after a protocol violation', async () => {
    const watcher = await subscribed({}, subscribeTo('will', 1))
    const asks = await open({ will })
    const keepsSilent = await open({ version: 4, will, clientId: 'silent', keepAliveSeconds: 1 })

    asks.send(disconnect(4))

    assert.equal((await received(watcher, 1)).length, 1)
    assert.equal((await received(watcher, 2)).length, 2) // the keep alive of the other
    await keepsSilent.raw.whenClosed()
  })

  test('is not sent when the client is back before its delay is over [MQTT-3.1.3-9]', async () => {
    const watcher = await subscribed({}, subscribeTo('will', 1))
    const session = { clientId: 'comes-back', cleanStart: false, properties: { sessionExpiryInterval: 60 } }
    const first = await open({ ...session, will: { ...will, properties: { willDelayInterval: 1 } } })

    first.close()
    await watched.when('closed')
    const second = await open(session)
    const other = await open({ will: { ...will, payload: Buffer.from('other'), properties: {} } })
    other.close()

    const [message] = await received(watcher, 1)
    assert.equal(Buffer.from(message?.payload ?? []).toString(), 'other')
    assert.equal(second.connack.sessionPresent, true)
  })
})

let lastClient = 0

async function open(changes: Partial<Connect> = {}): Promise<PacketClient> {
  const client = await PacketClient.open(watched.port, { clientId: `client-${++lastClient}`, ...changes })
  clients.push(client)
  return client
}

async function subscribed(changes: Partial<Connect>, packet: Subscribe): Promise<PacketClient> {
  const client = await open(changes)
  client.send(packet)
  await client.when('suback')
  return client
}

/** Resolves when the broker has taken it. */
async function published(client: PacketClient, changes: Partial<Publish> & { qos: QoS }): Promise<void> {
  const before = { puback: client.all('puback').length, pubrec: client.all('pubrec').length }
  client.send(publish({ ...changes, ...(changes.qos > 0 && { packetId: 9 }) }))
  if (changes.qos === 0) await client.settle()
  if (changes.qos === 1) await client.when('puback', before.puback + 1)
  if (changes.qos !== 2) return
  await client.when('pubrec', before.pubrec + 1)
  client.send({ type: 'pubrel', packetId: 9, reasonCode: 0, properties: {} })
  await client.when('pubcomp', before.pubrec + 1)
}

/** The first messages, once there are so many; nothing is acknowledged. */
async function received(client: PacketClient, count: number): Promise<readonly Publish[]> {
  await client.when('publish', count)
  await client.settle()
  return client.all('publish')
}
