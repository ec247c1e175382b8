import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { parseUserTable } from '../../../src/features/embedded-broker/access/user-table.ts'
import type { EmbeddedBrokerSettings } from '../../../src/features/embedded-broker/settings.ts'
import type { Connect } from '../../../src/protocol/wire/packet.ts'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { RawClient } from '../../support/clients/raw-client.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { acknowledgement, publish } from '../../support/packets/packets.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { subscribeTo } from './subscriptions.ts'

let watched: WatchedBroker
let clients: PacketClient[]

beforeEach(() => {
  clients = []
})

afterEach(async () => {
  for (const client of clients) client.close()
  await watched?.close()
})

describe('CONNECT', () => {
  const refusals: readonly (readonly [what: string, changes: Partial<Connect>, code: number])[] = [
    ['a wrong password at 5', { username: 'anna', password: Buffer.from('wrong') }, 0x86],
    ['a wrong password at 3.1.1', { version: 4, username: 'anna', password: Buffer.from('wrong') }, 4],
    ['an unknown user', { username: 'constructor', password: Buffer.from('secret') }, 0x86],
    ['nobody', {}, 0x86],
    ['no password', { username: 'anna' }, 0x86],
    ['an authentication method', { properties: { authenticationMethod: 'SCRAM-SHA-256' } }, 0x8c],
  ]
  for (const [what, changes, code] of refusals) {
    test(`of ${what} is refused with ${code}, and the connection closed [MQTT-3.1.4-2]`, async () => {
      await start({ users: parseUserTable('anna:secret\n', 'users') })

      const client = await open(changes)
      await client.raw.whenClosed()

      assert.equal(client.connack.reasonCode, code)
      assert.equal((await watched.when('refused')).reasonCode, code)
    })
  }

  test('with the right password is accepted', async () => {
    await start({ users: parseUserTable('anna:secret\n', 'users') })

    const client = await open({ username: 'anna', password: Buffer.from('secret') })

    assert.equal(client.connack.reasonCode, 0)
  })

  test('tells what the broker takes, and no more than that', async () => {
    await start({ limits: { maximumPacketSize: 5000, receiveMaximum: 7, topicAliasMaximum: 3 } })

    const { connack } = await open({ clientId: '' })

    const { assignedClientIdentifier, ...rest } = connack.properties
    assert.match(assignedClientIdentifier ?? '', /./)
    assert.deepEqual(rest, {
      maximumPacketSize: 5000,
      receiveMaximum: 7,
      topicAliasMaximum: 3,
    })
  })

  const unsupported: readonly (readonly [what: string, connect: string, answer: string])[] = [
    ['level 2 of MQTT', '10 0d 0004 4d515454 02 02 003c 0001 61', '20 02 00 01'], // [MQTT-3.1.1:3.1.2-2]
    ['level 6 of MQTT', '10 0e 0004 4d515454 06 02 003c 00 0001 61', '20 03 00 84 00'], // [MQTT-3.1.2-2]
    ['no identifier and a session to keep', '10 0c 0004 4d515454 04 00 003c 0000', '20 02 00 02'], // [MQTT-3.1.1:3.1.3-8]
  ]
  for (const [what, connect, answer] of unsupported) {
    test(`of ${what} gets ${answer}`, async () => {
      await start()
      const client = await RawClient.open(watched.port)

      client.send(fromHex(connect))
      await client.whenClosed()

      assert.deepEqual(
        client.packets.map(({ bytes }) => bytes.toString('hex')),
        [fromHex(answer).toString('hex')],
      )
    })
  }

  test('that does not come in time, or comes a byte at a time, ends the connection', async () => {
    await start({ limits: { connectDeadlineMs: 200 } })
    const silent = await RawClient.open(watched.port)
    const slow = await RawClient.open(watched.port)

    slow.send(fromHex('10 0d 00'))
    await Promise.all([silent.whenClosed(), slow.whenClosed()])

    const causes = watched.events.flatMap((event) => (event.event === 'closed' ? [event.cause] : []))
    assert.deepEqual(causes, ['no CONNECT in time', 'no CONNECT in time'])
  })
})

test('a client that is silent for one and a half times its keep alive is sent away with 0x8D [MQTT-3.1.2-22]', async () => {
  await start()
  const began = performance.now()
  const client = await open({ keepAliveSeconds: 1 })

  await client.raw.whenClosed()

  assert.ok(performance.now() - began >= 1400)
  assert.deepEqual(
    client.all('disconnect').map(({ reasonCode }) => reasonCode),
    [0x8d],
  )
})

test('a client that drips bytes of a packet is sent away all the same: no packet came [MQTT-3.1.2-22]', async () => {
  await start()
  const client = await open({ keepAliveSeconds: 1 })
  const bytes = fromHex('30 7f 0001 61 00 787878787878787878787878787878787878')
  let at = 0
  const drip = setInterval(() => client.raw.send(bytes.subarray(at, ++at)), 200)

  await client.raw.whenClosed()
  clearInterval(drip)

  assert.ok(at < bytes.length)
  assert.equal(client.all('disconnect')[0]?.reasonCode, 0x8d)
})

for (const [version, hex, rule] of [
  [5, '00', '[MQTT5 §2.1.2]'],
  [4, '0f', '[MQTT3.1.1 §2.2.1]'],
  [3, '00', '[MQTT3.1.1 §2.2.1]'],
  [4, 'f0', '[MQTT3.1.1 §2.2.1]'],
] as const) {
  test(`0x${hex} at ${version} begins no packet: the connection ends at this byte ${rule}`, async () => {
    await start()
    const client = await open({ version, keepAliveSeconds: 0 })

    client.raw.send(fromHex(hex))
    await client.raw.whenClosed()

    const { violation } = await watched.when('violation')
    assert.deepEqual([violation.rule, violation.offset], [rule, 0])
  })
}

test('more unacknowledged messages than announced are 0x93 [MQTT-3.3.4-7]', async () => {
  await start({ limits: { receiveMaximum: 2 } })
  const client = await open()

  for (const packetId of [1, 2, 3]) client.send(publish({ qos: 2, packetId }))
  await client.raw.whenClosed()

  assert.equal((await watched.when('violation')).violation.rule, '[MQTT-3.3.4-7]')
  assert.equal(client.all('disconnect')[0]?.reasonCode, 0x93)
})

test('below 5 nothing announced that limit, so it does not hold', async () => {
  await start({ limits: { receiveMaximum: 2 } })
  const client = await open({ version: 4 })

  for (const packetId of [1, 2, 3]) client.send(publish({ qos: 2, packetId }))

  await client.when('pubrec', 3)
})

const wrong = [
  [1, 'pubrec', '[MQTT-4.3.2-4]'],
  [1, 'pubcomp', '[MQTT-4.3.3-8]'],
  [2, 'puback', '[MQTT-4.3.3-8]'],
  [2, 'pubcomp', '[MQTT-4.3.3-8]'],
] as const
for (const [qos, type, rule] of wrong) {
  test(`fault 12: ${type} for a message of QoS ${qos} is a violation ${rule}`, async () => {
    await start()
    const client = await open()
    client.send(subscribeTo('home/door', qos))
    await client.when('suback')
    client.send(publish({ qos: 2, packetId: 1 }))
    const { packetId = 0 } = await client.when('publish')

    client.send(acknowledgement(type, packetId))
    await client.raw.whenClosed()

    assert.equal((await watched.when('violation')).violation.rule, rule)
  })
}

test('a packet above the announced size is refused at its header with 0x95 [MQTT-3.2.2-15]', async () => {
  await start({ limits: { maximumPacketSize: 1000 } })
  const client = await open()

  client.raw.send(fromHex('30 ff ff ff 7f 00')) // declares 268,435,455 bytes
  await client.raw.whenClosed()

  assert.equal(client.all('disconnect')[0]?.reasonCode, 0x95)
  assert.equal((await watched.when('violation')).violation.rule, '[MQTT-3.2.2-15]')
})

describe('a denied topic', () => {
  const outcomes = [
    [5, [0x87, 0x87], [0x87, 0, 0x87]],
    [4, [0, 0], [0x80, 0, 0x80]], // 3.1.1 has no word for it in PUBACK
    [3, [0, 0], [0, 0, 0]], // and 3.1 none in SUBACK
  ] as const
  for (const [version, acknowledged, granted] of outcomes) {
    test(`brings nothing to anybody, version ${version}`, async () => {
      await start({ deny: ['secret/#', 'one/topic'] })
      const watcher = await open({ version })
      const requests = ['secret/a', '#', 'secret/+'].map((filter) => subscribeTo(filter, 0).subscriptions[0]!)
      watcher.send({ type: 'subscribe', packetId: 1, subscriptions: requests, properties: {} })
      const suback = await watcher.when('suback')
      const client = await open({ version })

      client.send(publish({ topic: 'secret/a', qos: 1, packetId: 1, retain: true }))
      client.send(publish({ topic: 'one/topic', qos: 2, packetId: 2 }), publish({ topic: 'secret', qos: 0 }))
      client.send(publish({ topic: 'open', qos: 0 }))
      const codes = [(await client.when('puback')).reasonCode, (await client.when('pubrec')).reasonCode]
      await watcher.when('publish')
      await watcher.settle()

      assert.deepEqual(codes, acknowledged)
      assert.deepEqual(suback.reasonCodes, granted)
      assert.deepEqual(
        watcher.all('publish').map(({ topic }) => topic),
        ['open'],
      )
    })
  }

  test('$SYS is the broker’s own to publish, and a topic or filter of more than 100 levels is not taken', async () => {
    await start()
    const client = await open()
    const deep = 'a/'.repeat(100)

    client.send(publish({ topic: '$SYS/broker', qos: 1, packetId: 1 }), publish({ topic: deep, qos: 1, packetId: 2 }))
    client.send(subscribeTo(`${deep}#`, 0))
    await client.when('puback', 2)
    const suback = await client.when('suback')

    assert.deepEqual(
      client.all('puback').map(({ reasonCode }) => reasonCode),
      [0x87, 0x90],
    )
    assert.deepEqual(suback.reasonCodes, [0x8f])
  })
})

test('fault 30: a subscriber that stops reading slows its publisher, and loses nothing', async () => {
  await start({ limits: { publisherWaitMs: 60_000 } })
  const subscriber = await open()
  subscriber.send(subscribeTo('bulk', 0))
  await subscriber.when('suback')
  const publisher = await open()
  const payload = Buffer.alloc(64 * 1024)

  subscriber.raw.stopReading()
  for (let index = 0; index < 400; index++) publisher.send(publish({ topic: 'bulk', payload }))
  await watched.when('published')
  const taken = () => watched.events.filter(({ event }) => event === 'published').length
  const takenWhileStopped = await steady(taken)
  subscriber.raw.readOn()
  await subscriber.when('publish', 400)

  assert.ok(takenWhileStopped < 300, `${takenWhileStopped} of 400 messages of 64 KiB were taken`)
  assert.equal(taken(), 400)
})

test('a client that reads nothing for too long is closed, and its publisher goes on', async () => {
  await start({ limits: { stalledClientMs: 300 } })
  const subscriber = await open()
  subscriber.send(subscribeTo('bulk', 0))
  await subscriber.when('suback')
  const publisher = await open()

  subscriber.raw.stopReading()
  for (let index = 0; index < 400; index++) publisher.send(publish({ topic: 'bulk', payload: Buffer.alloc(64 * 1024) }))
  await publisher.settle()

  const closed = watched.events.find((event) => event.event === 'closed')
  assert.equal(closed?.event === 'closed' && closed.cause, 'the client does not read')
})

test('a client that reads and never acknowledges holds its publisher up for a while, and not for ever', async () => {
  await start({ limits: { stalledClientMs: 300, queuedMessages: 2500 } })
  const subscriber = await open()
  subscriber.send(subscribeTo('bulk', 1))
  await subscriber.when('suback')
  const publisher = await open({ version: 4 })

  for (let packetId = 1; packetId <= 4000; packetId++) publisher.send(publish({ topic: 'bulk', qos: 1, packetId }))
  await publisher.when('puback', 4000)

  assert.equal((await watched.when('dropped')).cause, 'queue full')
  assert.equal(subscriber.raw.isClosed, false)
  assert.equal(subscriber.all('publish').length, 1000) // the bound of what is under way to one client
})

test('a client that sends itself more than it acknowledges does not block itself', async () => {
  await start()
  const client = await open({ properties: { receiveMaximum: 1 }, version: 4 })
  client.send(subscribeTo('loop', 1))
  await client.when('suback')
  const count = 5000

  for (let packetId = 1; packetId <= count; packetId++) client.send(publish({ topic: 'loop', qos: 1, packetId }))
  await client.when('puback', count)

  assert.ok(client.all('publish').length >= 1)
})

test('fault 44: an error that nobody caught ends the connection that led to it, and nothing else', async () => {
  const script = join(import.meta.dirname, 'faulty-broker.mts')
  const broker = runCli([], { program: [process.execPath, '--import', 'tsx', script] })
  const port = Number((await broker.whenStdout(/listening (\d+)/))[1])
  const bystander = await PacketClient.open(port, { clientId: 'bystander' })
  const [throwing, rejecting] = [
    await PacketClient.open(port, { clientId: 'throwing' }),
    await PacketClient.open(port, { clientId: 'rejecting' }),
  ]

  throwing.send(publish({ topic: 'throw' }))
  rejecting.send(publish({ topic: 'reject' }))
  await Promise.all([throwing.raw.whenClosed(), rejecting.raw.whenClosed()])
  await bystander.settle()

  await broker.whenStdout(/fault throwing/)
  await broker.whenStdout(/fault rejecting/)
  assert.equal(bystander.raw.isClosed, false)
  bystander.close()
  broker.kill('SIGKILL')
})

test('on close every client is told 0x8B and gone, and the port is free again', async () => {
  await start()
  const [five, four] = [await open(), await open({ version: 4 })]

  await watched.close()
  await Promise.all([five.raw.whenClosed(), four.raw.whenClosed()])

  assert.deepEqual(
    [...five.all('disconnect'), ...four.all('disconnect')].map(({ reasonCode }) => reasonCode),
    [0x8b],
  )
  const again = await startWatchedBroker({ tcpPort: watched.port })
  await again.close()
})

/** A number once it stays the same for a while. */
async function steady(look: () => number): Promise<number> {
  for (let before = -1; ; ) {
    const now = look()
    if (now === before) return now
    before = now
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

let lastClient = 0

async function start(settings: Partial<EmbeddedBrokerSettings> = {}): Promise<void> {
  watched = await startWatchedBroker(settings)
}

async function open(changes: Partial<Connect> = {}): Promise<PacketClient> {
  const client = await PacketClient.open(watched.port, { clientId: `client-${++lastClient}`, ...changes })
  clients.push(client)
  return client
}

describe('mosquitto’s bridge bit', () => {
  for (const [name, hex] of [
    ['0x84', '10 0d 0004 4d515454 84 02 003c 0001 61'],
    ['0x83', '10 0f 0006 4d5149736470 83 02 003c 0001 61'],
  ] as const) {
    test(`in the level (${name}) is answered in the form of 3.1.1: CONNACK 1 [MQTT-3.1.1:3.1.2-2]`, async () => {
      await start()
      const raw = await RawClient.open(watched.port)

      raw.send(fromHex(hex))
      await raw.whenClosed()

      assert.deepEqual(
        raw.packets.map(({ bytes }) => bytes.toString('hex')),
        ['20020001'],
      )
    })
  }

  test('is not there in a second try, and mosquitto’s CONNECT of 3.1 with unused flags is accepted', async () => {
    await start()
    const raw = await RawClient.open(watched.port)

    raw.send(fromHex('1f 0f 0006 4d5149736470 03 03 003c 0001 61'))

    assert.equal((await raw.when(2)).toString('hex'), '20020000')
    raw.destroy()
  })
})
