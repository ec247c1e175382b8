import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Outbox } from '../../../src/connection/link/outbox.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { PublishTemplate } from '../../../src/protocol/wire/publish-encoder.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'
import { attached, publishing } from '../../support/connection/publishing.ts'
import { connack } from '../../support/packets/packets.ts'

describe('what the server does not take', () => {
  const rows: ReadonlyArray<
    readonly [what: string, template: Partial<PublishTemplate>, properties: object, rule: string]
  > = [
    ['a QoS above its maximum', { qos: 2 }, { maximumQoS: 1 }, '[MQTT-3.2.2-11]'],
    ['retain', { retain: true }, { retainAvailable: 0 }, '[MQTT-3.2.2-14]'],
    ['any alias', { properties: { topicAlias: 1 } }, {}, '[MQTT-3.2.2-18]'],
    ['an alias above its maximum', { properties: { topicAlias: 3 } }, { topicAliasMaximum: 2 }, '[MQTT-3.2.2-17]'],
    ['a header larger than any packet', { topic: 'a'.repeat(40) }, { maximumPacketSize: 40 }, '[MQTT-3.2.2-15]'],
  ]
  for (const [what, template, properties, rule] of rows) {
    test(`${what} is refused before anything is sent ${rule}`, () => {
      const { publisher } = publishing({ template })
      const transport = new FakeTransport()
      const attach = () => publisher.attach(new Outbox(transport), 5, serverLimits(connack(properties), 5), false)

      assert.throws(attach, (error) => error instanceof MqttCliError && error.details.statement === rule)
      publisher.readEnd()
      assert.equal(transport.sent, '')
    })
  }

  test('a payload too large for its Maximum Packet Size is not taken, one that just fits is [MQTT-3.2.2-15]', () => {
    const { publisher, publish } = publishing()
    attached(publisher, { maximumPacketSize: 20 }, false, 5)

    assert.deepEqual([publish('x'.repeat(13)), publish('x'.repeat(12))], ['tooLarge', 'taken'])
    assert.equal(publisher.window.size, 1)
  })

  test('a message in flight that has become too large is refused, and nothing of it is sent', () => {
    const { publisher, publish } = publishing()
    attached(publisher, {}, false, 5)
    publish('x'.repeat(100))
    publisher.detach()
    const transport = new FakeTransport()
    const limits = serverLimits(connack({ maximumPacketSize: 50 }), 5)

    assert.throws(() => publisher.attach(new Outbox(transport), 5, limits, true), MqttCliError)
    publisher.readEnd()
    assert.equal(transport.sent, '')
  })
})
