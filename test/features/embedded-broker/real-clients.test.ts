import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { foreignClients } from '../../support/clients/foreign-clients.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'

let watched: WatchedBroker

beforeEach(async () => {
  watched = await startWatchedBroker()
})

afterEach(async () => {
  await watched.close()
  assert.deepEqual(
    watched.events.filter(({ event }) => event === 'violation' || event === 'fault'),
    [],
  )
})

const versions = [4, 5] as const
const qualities = [0, 1, 2] as const

/** Each as publisher and as subscriber, once with each of the others. */
const pairs = foreignClients.map((publisher, index) => {
  return [publisher, foreignClients[(index + 1) % foreignClients.length]!] as const
})

for (const [publisher, subscriber] of pairs) {
  describe(`${publisher.name} to ${subscriber.name}`, {
    skip: publisher.missing ?? subscriber.missing ?? false,
  }, () => {
    for (const version of versions) {
      test(`every QoS to every QoS at version ${version}`, async () => {
        const { port } = watched
        const listening = qualities.map((qos) => subscriber.subscribe({ version, port, topic: `to/${qos}/#`, qos }, 3))
        await watched.whenCount('subscribed', 3)

        for (const granted of qualities) {
          for (const qos of qualities) {
            const topic = `to/${granted}/x`
            await publisher.publish({ version, port, topic, qos, retain: false, payload: `ünï ${qos}` })
          }
        }

        const lines = await Promise.all(listening)
        const expected = qualities.map((granted) => {
          return qualities.map((qos) => `to/${granted}/x ${Math.min(qos, granted)} 0 ünï ${qos}`)
        })
        assert.deepEqual(lines, expected)
      })

      test(`a retained message and a will at version ${version}`, async () => {
        const { port } = watched
        const message = { version, port, qos: 1, retain: false } as const
        await publisher.publish({ ...message, topic: 'kept/one', retain: true, payload: 'kept' })
        const listening = subscriber.subscribe({ version, port, topic: '#', qos: 2 }, 2)
        await watched.whenCount('subscribed', 1)

        const breakConnection = await publisher.connectWithWill({ ...message, topic: 'will/one', payload: 'gone' })
        await watched.whenCount('connected', 3)
        breakConnection()

        assert.deepEqual(await listening, ['kept/one 1 1 kept', 'will/one 1 0 gone'])
      })
    }
  })
}
