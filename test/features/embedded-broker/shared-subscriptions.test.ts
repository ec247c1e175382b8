import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type { Connect, QoS } from '../../../src/protocol/wire/packet.ts'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { acknowledgement, disconnect, publish } from '../../support/packets/packets.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { subscribeTo } from './subscriptions.ts'

let watched: WatchedBroker
let clients: PacketClient[]

beforeEach(async () => {
  clients = []
  watched = await startWatchedBroker()
})

afterEach(async () => {
  for (const client of clients) client.close()
  await watched.close()
})

test('each message goes to one of those who share, in turn, whatever wildcard they share [MQTT-4.8.2-1]', async () => {
  const members = [await member('$share/g/a/+'), await member('$share/g/a/+'), await member('$share/g/a/+')]
  const other = await member('$share/h/a/+')
  const alone = await member('a/+')

  await send(9)

  assert.deepEqual(await Promise.all(members.map(texts)), [
    ['0', '3', '6'],
    ['1', '4', '7'],
    ['2', '5', '8'],
  ])
  assert.deepEqual([(await texts(other)).length, (await texts(alone)).length], [9, 9])
})

test('one that also subscribes alone gets both copies', async () => {
  const both = await member('$share/g/a/b')
  both.send(subscribeTo('a/b', 1))
  await both.when('suback', 2)

  await send(1)

  assert.deepEqual(await texts(both), ['0', '0'])
})

test('a message comes at the QoS granted to the one it goes to [MQTT-4.8.2-3]', async () => {
  const [low, high] = [await member('$share/g/a/b', 0), await member('$share/g/a/b', 2)]

  await send(2)
  await texts(low)
  await texts(high)

  assert.deepEqual([low.all('publish')[0]?.qos, high.all('publish')[0]?.qos], [0, 1])
})

test('who is away gets none while another is there, and when nobody is, all in turn when back [MQTT-4.8.2-4]', async () => {
  const away = await member('$share/g/a/b', 1, kept('away'))
  const there = await member('$share/g/a/b', 1, kept('there'))
  await leave(away)
  await send(3)
  assert.deepEqual(await texts(there), ['0', '1', '2'])
  for (const { packetId = 0 } of there.all('publish')) there.send(acknowledgement('puback', packetId))
  await there.settle()
  await leave(there)

  await send(4)

  const back = [await open(kept('away')), await open(kept('there'))]
  const counts = await Promise.all(back.map(async (client) => (await texts(client)).length))
  assert.deepEqual(counts, [2, 2])
})

test('what went to a session that ends goes to nobody else [MQTT-4.8.2-5], nor what its client refused [MQTT-4.8.2-6]', async () => {
  const first = await member('$share/g/a/b', 1, { properties: { receiveMaximum: 1 } })
  const second = await member('$share/g/a/b', 1)
  await send(4)
  await first.when('publish')
  first.send(acknowledgement('puback', first.all('publish')[0]?.packetId ?? 0, 0x80))
  await first.when('publish', 2)
  await leave(first)

  assert.deepEqual(await texts(second), ['1', '3'])
})

test('retained messages do not come for a shared subscription, and UNSUBSCRIBE ends it', async () => {
  const publisher = await open()
  publisher.send(publish({ topic: 'a/b', qos: 1, packetId: 1, retain: true }))
  await publisher.when('puback')
  const shared = await member('$share/g/a/b')

  shared.send({ type: 'unsubscribe', packetId: 2, filters: ['$share/g/a/b', '$share/other/a/b'], properties: {} })
  const unsuback = await shared.when('unsuback')
  await send(2)

  assert.deepEqual(unsuback.reasonCodes, [0, 0x11])
  assert.deepEqual(await texts(shared), [])
})

test('a denied part of the tree is not reached by sharing it', async () => {
  await watched.close()
  watched = await startWatchedBroker({ deny: ['secret/#'] })
  const client = await open()

  client.send(subscribeTo('$share/g/secret/a', 1))

  assert.deepEqual((await client.when('suback')).reasonCodes, [0x87])
})

let lastClient = 0

async function open(changes: Partial<Connect> = {}): Promise<PacketClient> {
  const client = await PacketClient.open(watched.port, { clientId: `client-${++lastClient}`, ...changes })
  clients.push(client)
  return client
}

async function member(filter: string, qos: QoS = 1, changes: Partial<Connect> = {}): Promise<PacketClient> {
  const client = await open(changes)
  client.send(subscribeTo(filter, qos))
  await client.when('suback')
  return client
}

function kept(clientId: string): Partial<Connect> {
  return { clientId, cleanStart: false, properties: { sessionExpiryInterval: 60 } }
}

async function leave(client: PacketClient): Promise<void> {
  client.send(disconnect())
  await client.raw.whenClosed()
}

/** Messages numbered from 0, which the broker has taken when this resolves. */
async function send(count: number): Promise<void> {
  const publisher = await open()
  for (let index = 0; index < count; index++) {
    publisher.send(publish({ topic: 'a/b', qos: 1, packetId: index + 1, payload: Buffer.from(String(index)) }))
  }
  await publisher.when('puback', count)
}

async function texts(client: PacketClient): Promise<readonly string[]> {
  await client.settle()
  return client.all('publish').map(({ payload }) => Buffer.from(payload).toString())
}
