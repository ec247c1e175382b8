import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InboundTopicAliases } from '../../../src/protocol/session/topic-alias.ts'

const topic = Buffer.from('..home/door..')

test('gives back the topic that an alias was defined with, after the read buffer was overwritten', () => {
  const aliases = new InboundTopicAliases(10)
  const source = Buffer.from(topic)
  aliases.define(1, source, 2, 11)

  source.fill(0)

  assert.equal(Buffer.from(aliases.topicOf(1) ?? []).toString(), 'home/door')
  assert.equal(aliases.problem(1, 0), undefined)
})

test('an alias may get another topic', () => {
  const aliases = new InboundTopicAliases(10)
  aliases.define(1, topic, 2, 11)

  aliases.define(1, topic, 2, 6)

  assert.equal(Buffer.from(aliases.topicOf(1) ?? []).toString(), 'home')
})

test('defining the same topic again allocates nothing', () => {
  const aliases = new InboundTopicAliases(10)
  aliases.define(1, topic, 2, 11)
  const first = aliases.topicOf(1)

  aliases.define(1, topic, 2, 11)

  assert.equal(aliases.topicOf(1), first)
})

const refused: readonly (readonly [what: string, maximum: number, alias: number, rule: string, reasonCode: number])[] =
  [
    ['0', 10, 0, '[MQTT-3.3.2-8]', 0x94],
    ['above our maximum', 10, 11, '[MQTT-3.1.2-26]', 0x94],
    ['of any kind where we announced none', 0, 1, '[MQTT-3.1.2-27]', 0x94],
    ['that nobody defined', 10, 10, '[MQTT5 §3.3.2.3.4]', 0x82],
  ]

for (const [what, maximum, alias, rule, reasonCode] of refused) {
  test(`refuses an alias ${what} with 0x${reasonCode.toString(16)} ${rule}`, () => {
    const problem = new InboundTopicAliases(maximum).problem(alias, 0)

    assert.equal(problem?.rule, rule)
    assert.equal(problem?.reasonCode, reasonCode)
  })
}

test('an undefined alias with a topic beside it is a definition', () => {
  assert.equal(new InboundTopicAliases(10).problem(10, 5), undefined)
})

test('forgets all aliases with the connection, and names an old one as such [MQTT-3.3.2-7]', () => {
  const aliases = new InboundTopicAliases(10)
  aliases.define(1, topic, 2, 11)

  aliases.startConnection()

  assert.equal(aliases.topicOf(1), undefined)
  assert.equal(aliases.problem(1, 0)?.rule, '[MQTT-3.3.2-7]')
  assert.equal(aliases.problem(1, 0)?.reasonCode, 0x82)
  assert.equal(aliases.problem(2, 0)?.rule, '[MQTT5 §3.3.2.3.4]')
})
