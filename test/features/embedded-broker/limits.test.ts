import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { BrokerLimits } from '../../../src/features/embedded-broker/settings.ts'
import type { Connect, SubscriptionRequest } from '../../../src/protocol/wire/packet.ts'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { RawClient } from '../../support/clients/raw-client.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { disconnect, publish } from '../../support/packets/packets.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { subscribeTo } from './subscriptions.ts'

const mebibyte = 1024 * 1024

let watched: WatchedBroker
let clients: PacketClient[]

beforeEach(() => {
  clients = []
})

afterEach(async () => {
  for (const client of clients) client.close()
  await watched.close()
  assert.deepEqual(
    watched.events.filter(({ event }) => event === 'fault'),
    [],
  )
})

describe('fault 48', () => {
  test('140,000 filters of one client that match one topic throw nobody out, and send one message', async () => {
    await start({ filters: 200_000 })
    const greedy = await open()
    const levels = 'a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r'.split('/')
    const filter = (mask: number) => levels.map((level, at) => ((mask >> at) & 1 ? '+' : level)).join('/')
    for (let part = 0; part < 14; part++) {
      greedy.send(subscribeToAll(Array.from({ length: 10_000 }, (_, index) => filter(part * 10_000 + index))))
    }
    await greedy.when('suback', 14)
    const publisher = await open()

    publisher.send(publish({ topic: levels.join('/'), qos: 1, packetId: 1 }))

    assert.equal((await publisher.when('puback')).reasonCode, 0)
    await greedy.when('publish')
    await greedy.settle()
    assert.equal(greedy.all('publish').length, 1)
  })

  test('more connections than allowed are closed, and named', async () => {
    await start({ connections: 2 })
    await open()
    await open()

    const third = await RawClient.open(watched.port)
    await third.whenClosed()

    assert.match((await watched.when('rejected')).reason, /too many connections/)
  })

  for (const [version, code] of [
    [5, 0x97],
    [4, 3],
  ] as const) {
    test(`more sessions to keep than allowed are refused with ${code} at version ${version}; others come in`, async () => {
      await start({ sessions: 1 })
      const kept = { version, cleanStart: false, properties: version === 5 ? { sessionExpiryInterval: 60 } : {} }
      const first = await open({ ...kept, clientId: 'first' })
      first.send(disconnect())
      await first.raw.whenClosed()

      const codes = [
        await open({ ...kept, clientId: 'second' }),
        await open({ version, clientId: 'passing' }),
        await open({ ...kept, clientId: 'first' }),
      ].map(({ connack }) => connack.reasonCode)

      assert.deepEqual(codes, [code, 0, 0])
    })
  }

  for (const [version, code] of [
    [5, 0x97],
    [4, 0x80],
  ] as const) {
    test(`more filters of one client than allowed are refused with ${code} at version ${version}, a known one is not`, async () => {
      await start({ filters: 2 })
      const client = await open({ version })

      client.send(subscribeToAll(['a', 'b', 'c', 'a']))

      assert.deepEqual((await client.when('suback')).reasonCodes, [0, 0, code, 0])
    })
  }

  test('retained messages stop at a quarter of the memory with 0x97, and a delete makes room', async () => {
    await start({ memoryBytes: 8 * mebibyte })
    const client = await open()
    const keep = (packetId: number, payload: Buffer) =>
      client.send(publish({ topic: `kept/${packetId % 10}`, qos: 1, packetId, retain: true, payload }))

    for (const packetId of [1, 2, 3, 4]) keep(packetId, Buffer.alloc(650_000))
    keep(11, Buffer.alloc(0)) // deletes the first
    keep(14, Buffer.alloc(650_000))
    keep(13, Buffer.alloc(650_000)) // in place of the third
    await client.when('puback', 7)

    assert.deepEqual(
      client.all('puback').map(({ reasonCode }) => reasonCode),
      [0, 0, 0, 0x97, 0, 0, 0],
    )
  })

  test('an offline queue stops at its bytes, whatever it counts, and others still get theirs', async () => {
    await start({ memoryBytes: 16 * mebibyte })
    const names = Array.from({ length: 20 }, (_, index) => `away-${index}`)
    for (const clientId of [...names, 'modest']) await leaveSession(clientId)
    const publisher = await open({ version: 4 })
    let packetId = 0

    for (const name of names) {
      for (let count = 0; count < 3; count++) {
        publisher.send(publish({ topic: name, qos: 1, packetId: ++packetId, payload: Buffer.alloc(mebibyte) }))
      }
    }
    publisher.send(publish({ topic: 'modest', qos: 1, packetId: ++packetId, payload: Buffer.from('small') }))
    await publisher.when('puback', packetId)

    const causes = watched.events.flatMap((event) => (event.event === 'dropped' ? [event.cause] : []))
    assert.deepEqual(new Set(causes), new Set(['queue full', 'memory limit']))
    const modest = await open(keptSession('modest'))
    assert.equal(Buffer.from((await modest.when('publish')).payload).toString(), 'small')
  })

  test('whoever holds most that is unread is closed when memory is full, and told 0x97', async () => {
    await start({ memoryBytes: 16 * mebibyte })
    const begun = Buffer.concat([fromHex('30 e0 fb 73 0001 61 00'), Buffer.alloc(1_800_000)]) // of 1,900,000 bytes
    const slow = await Promise.all([1, 2].map(() => open()))
    const innocent = await open()
    for (const client of slow) client.raw.send(begun)

    const victim = await Promise.race(slow.map(async (client) => client.raw.whenClosed().then(() => client)))
    innocent.send(publish({ topic: 'a', qos: 1, packetId: 1 }))
    await innocent.when('puback')

    assert.equal(victim.all('disconnect')[0]?.reasonCode ?? 0x97, 0x97) // its bytes may be thrown away with the rest
    assert.match((await watched.when('closed')).cause, /memory/)
  })

  test('a client that does not read its answers is not read from: what it sends stays in the kernel', async () => {
    await start({ stalledClientMs: 500 })
    const client = await open()
    client.raw.stopReading()

    client.raw.send(Buffer.alloc(16 * mebibyte, Buffer.of(0xc0, 0)))
    await watched.when('closed')

    assert.equal((await watched.when('closed')).cause, 'the client does not read')
  })
})

describe('before CONNECT', () => {
  test('no more than 64 KiB are gathered: a larger CONNECT is refused at its header with 0x95', async () => {
    await start()
    const stranger = await RawClient.open(watched.port)

    stranger.send(fromHex('10 80 80 08 0004 4d515454 05 02 0000 00'))
    await stranger.whenClosed()

    assert.equal(stranger.packets[0]?.bytes.toString('hex').slice(0, 2), '20')
    assert.equal(stranger.packets[0]?.bytes[3], 0x95)
  })
})

let lastClient = 0

async function start(limits: Partial<BrokerLimits> = {}): Promise<void> {
  watched = await startWatchedBroker({ limits })
}

async function open(changes: Partial<Connect> = {}): Promise<PacketClient> {
  const client = await PacketClient.open(watched.port, { clientId: `client-${++lastClient}`, ...changes })
  clients.push(client)
  return client
}

function keptSession(clientId: string): Partial<Connect> {
  return { clientId, cleanStart: false, properties: { sessionExpiryInterval: 60 } }
}

/** A session that waits for its client, with a subscription to the topic of its name. */
async function leaveSession(clientId: string): Promise<void> {
  const client = await open(keptSession(clientId))
  client.send(subscribeTo(clientId, 1))
  await client.when('suback')
  client.send(disconnect())
  await client.raw.whenClosed()
}

function subscribeToAll(filters: readonly string[]) {
  const subscriptions: SubscriptionRequest[] = filters.map((filter) => {
    return { filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 }
  })
  return { type: 'subscribe', packetId: 1, subscriptions, properties: {} } as const
}
