import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { PacketClient } from '../../support/clients/packet-client.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { subscribeTo } from './subscriptions.ts'

let watched: WatchedBroker

beforeEach(async () => {
  watched = await startWatchedBroker({ version: 'mqtt-cli 1.2.3' })
})

afterEach(() => watched.close())

test('$SYS has what health checks ask for, retained, and nothing about a client', async () => {
  const canary = await PacketClient.open(watched.port, { clientId: 'canary-client' })
  canary.send(subscribeTo('canary/filter/#', 0))
  await canary.when('suback')
  const client = await PacketClient.open(watched.port, { clientId: 'health' })

  client.send(subscribeTo('$SYS/#', 0))
  await client.when('publish', 10)
  await client.settle()

  const figures = new Map(
    client.all('publish').map(({ topic, payload }) => [topic, Buffer.from(payload).toString()] as const),
  )
  assert.equal(figures.get('$SYS/broker/version'), 'mqtt-cli 1.2.3')
  assert.match(figures.get('$SYS/broker/uptime') ?? '', /^\d+ seconds$/)
  assert.equal(figures.get('$SYS/broker/clients/connected'), '2')
  assert.equal(figures.get('$SYS/broker/subscriptions/count'), '1')
  assert.match(figures.get('$SYS/broker/messages/received') ?? '', /^[1-9]\d*$/)
  assert.match(figures.get('$SYS/broker/messages/sent') ?? '', /^[1-9]\d*$/)
  assert.ok(client.all('publish').every(({ retain }) => retain))
  assert.doesNotMatch(JSON.stringify([...figures]), /canary|health/)
  client.close()
  canary.close()
})

test('$SYS does not come by way of a wildcard in the first level [MQTT-4.7.2-1]', async () => {
  const client = await PacketClient.open(watched.port)

  client.send(subscribeTo('#', 0), subscribeTo('+/broker/version', 0))
  await client.when('suback', 2)
  await client.settle()

  assert.deepEqual(client.all('publish'), [])
  client.close()
})
