import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topicNameProblem } from '../../src/protocol/topic-name.ts'

const refused: readonly (readonly [what: string, topic: string, rule5: string, rule311: string])[] = [
  ['an empty topic', '', '[MQTT-4.7.3-1]', '[MQTT-3.1.1:4.7.3-1]'],
  ['a null character', 'a\0b', '[MQTT-4.7.3-2]', '[MQTT-3.1.1:4.7.3-2]'],
  ['the wildcard +', 'a/+', '[MQTT-3.3.2-2]', '[MQTT-3.1.1:3.3.2-2]'],
  ['the wildcard + inside a level', 'a+b', '[MQTT-3.3.2-2]', '[MQTT-3.1.1:3.3.2-2]'],
  ['the wildcard #', '#', '[MQTT-3.3.2-2]', '[MQTT-3.1.1:3.3.2-2]'],
  ['a lone high surrogate', 'a\ud800', '[MQTT-1.5.4-1]', '[MQTT-3.1.1:1.5.3-1]'],
  ['a lone low surrogate', '\udc00a', '[MQTT-1.5.4-1]', '[MQTT-3.1.1:1.5.3-1]'],
  ['65,536 bytes', 'a'.repeat(65_536), '[MQTT-4.7.3-3]', '[MQTT-3.1.1:4.7.3-3]'],
  ['65,536 bytes in 32,768 characters', 'ä'.repeat(32_768), '[MQTT-4.7.3-3]', '[MQTT-3.1.1:4.7.3-3]'],
]

for (const [what, topic, rule5, rule311] of refused) {
  test(`refuses ${what} in a topic name ${rule5}`, () => {
    assert.equal(topicNameProblem(topic)?.rule, rule5)
    assert.equal(topicNameProblem(topic, 4)?.rule, rule311)
  })
}

const accepted = ['a', '/', '//', ' ', 'a b/c', '$SYS/x', '$share/g/a', '__proto__', '\u{1f600}', 'a'.repeat(65_535)]

for (const topic of accepted) {
  test(`accepts ${topic.length > 20 ? `${topic.length} bytes` : JSON.stringify(topic)} as a topic name`, () => {
    assert.equal(topicNameProblem(topic), undefined)
  })
}
