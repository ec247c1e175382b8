import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { ProtocolVersion, QoS, SubscriptionRequest, UserProperty } from '../../../src/protocol/wire/packet.ts'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { publish } from '../../support/packets/packets.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'

/** Legal strings that an ordinary JavaScript object has already, or that it sorts. */
const names = ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', '10', '9', '']
const topics = names.filter((name) => name !== '')

let watched: WatchedBroker

beforeEach(async () => {
  watched = await startWatchedBroker()
})

afterEach(async () => {
  await watched.close()
  const wrong = watched.events.filter(({ event }) => event === 'fault' || event === 'violation')
  assert.deepEqual(wrong, [])
})

for (const version of [4, 5] as const) {
  describe(`fault 42: at version ${version}`, () => {
    for (const topic of topics) {
      test(`${topic} is a topic, a filter and a retained message like any other`, async () => {
        const client = await open(version)

        client.send(subscribe(1, [topic, 1]))
        client.send(publish({ topic, qos: 1, packetId: 1, retain: true }))
        await client.when('publish')
        client.send(unsubscribe(2, topic), subscribe(3, [topic, 1]))
        await client.when('suback', 2)
        const [live, retained] = [await client.when('publish', 1), await client.when('publish', 2)]

        assert.deepEqual((await client.when('suback')).reasonCodes, [1])
        assert.deepEqual((await client.when('unsuback')).reasonCodes, version === 5 ? [0] : [])
        assert.deepEqual([live.topic, live.retain], [topic, false])
        assert.deepEqual([retained.topic, retained.retain], [topic, true])
        client.close()
      })

      test(`${topic} is a client identifier, with a session that is kept`, async () => {
        const changes = { clientId: topic, cleanStart: false, ...(version === 5 && keeping) }
        const first = await open(version, changes)
        first.send(subscribe(1, [`for/${topic}`, 1]))
        await first.when('suback')
        first.send({ type: 'disconnect', reasonCode: 0, properties: {} })
        await first.raw.whenClosed()

        const other = await open(version)
        other.send(publish({ topic: `for/${topic}`, qos: 1, packetId: 1 }))
        await other.when('puback')
        const second = await open(version, changes)
        const message = await second.when('publish')

        assert.deepEqual([first.connack.sessionPresent, second.connack.sessionPresent], [false, true])
        assert.equal(message.topic, `for/${topic}`)
        second.close()
        other.close()
      })

      test(`${topic} is a user name, and the topic of a will`, async () => {
        const watcher = await open(version)
        watcher.send(subscribe(1, [`${topic}/will`, 0]))
        await watcher.when('suback')
        const will = {
          topic: `${topic}/will`,
          payload: Buffer.from(topic),
          qos: 0,
          retain: false,
          properties: {},
        } as const
        const client = await open(version, { username: topic, will })

        client.close()
        const message = await watcher.when('publish')

        assert.equal(client.connack.reasonCode, 0)
        assert.equal(Buffer.from(message.payload).toString(), topic)
        watcher.close()
      })
    }

    test('all of them in one SUBSCRIBE get their codes in its order, and in one UNSUBSCRIBE too', async () => {
      const client = await open(version)
      const qos = (index: number) => (index % 3) as QoS

      client.send(subscribe(1, ...topics.map((topic, index) => [topic, qos(index)] as const)))
      const { reasonCodes } = await client.when('suback')
      for (const topic of topics) client.send(publish({ topic }))
      await client.when('publish', topics.length)
      client.send(unsubscribe(2, 'unknown', ...topics))
      const unsuback = await client.when('unsuback')
      for (const topic of topics) client.send(publish({ topic }))
      await client.settle()

      assert.deepEqual(
        reasonCodes,
        topics.map((_, index) => qos(index)),
      ) // [MQTT-3.8.4-6]
      assert.deepEqual(
        client.all('publish').map(({ topic }) => topic),
        topics,
      )
      assert.deepEqual(unsuback.reasonCodes, version === 5 ? [0x11, ...topics.map(() => 0)] : [])
      client.close()
    })

    test('a filter that comes twice in one SUBSCRIBE gets two codes [MQTT-3.8.4-6]', async () => {
      const client = await open(version)

      client.send(subscribe(1, ['__proto__', 2], ['a', 0], ['__proto__', 1], ['a', 1]))

      assert.deepEqual((await client.when('suback')).reasonCodes, [2, 0, 1, 1])
      client.close()
    })
  })
}

test('fault 42: user properties keep their order, their duplicates and their names [MQTT-3.3.2-17] [MQTT-3.3.2-18]', async () => {
  const client = await open(5)
  const pairs: UserProperty[] = [...names, ...names].map((name, index) => [name, `${index % 3 === 0 ? '' : index}`])

  client.send(subscribe(1, ['props', 0]))
  client.send(publish({ topic: 'props', properties: { userProperties: pairs } }))
  const live = await client.when('publish')

  assert.deepEqual(live.properties.userProperties, pairs)
  client.close()
})

test('fault 42: a will keeps its user properties, and does not carry its delay along [MQTT-3.1.3-10]', async () => {
  const watcher = await open(5)
  watcher.send(subscribe(1, ['will/props', 0]))
  await watcher.when('suback')
  const pairs: UserProperty[] = [
    ['__proto__', '1'],
    ['b', ''],
    ['__proto__', ''],
    ['b', '2'],
  ]
  const properties = { willDelayInterval: 0, contentType: 'text/plain', userProperties: pairs }
  const will = { topic: 'will/props', payload: Buffer.from('x'), qos: 0, retain: false, properties } as const
  const client = await open(5, { will })

  client.close()

  const message = await watcher.when('publish')
  assert.deepEqual(message.properties, { contentType: 'text/plain', userProperties: pairs })
  watcher.close()
})

test('faults 42 and 44: nothing went wrong inside, and no prototype was touched', () => {
  assert.deepEqual(
    watched.events.filter(({ event }) => event === 'fault' || event === 'violation'),
    [],
  )
  assert.equal(Object.getPrototypeOf({}), Object.prototype)
  assert.deepEqual(Object.keys(Object.prototype), [])
})

const keeping = { properties: { sessionExpiryInterval: 60 } }
let lastClient = 0

function open(version: ProtocolVersion, changes: Parameters<typeof PacketClient.open>[1] = {}): Promise<PacketClient> {
  return PacketClient.open(watched.port, { version, clientId: `client-${++lastClient}`, ...changes })
}

function subscribe(packetId: number, ...filters: readonly (readonly [string, QoS])[]) {
  const subscriptions: SubscriptionRequest[] = filters.map(([filter, qos]) => {
    return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 }
  })
  return { type: 'subscribe', packetId, subscriptions, properties: {} } as const
}

function unsubscribe(packetId: number, ...filters: readonly string[]) {
  return { type: 'unsubscribe', packetId, filters, properties: {} } as const
}
