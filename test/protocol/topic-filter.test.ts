import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedFilter, topicFilterProblem, topicMatches } from '../../src/protocol/topic-filter.ts'

const refused: readonly (readonly [filter: string, rule: string])[] = [
  ['', '[MQTT-4.7.3-1]'],
  ['a/\0', '[MQTT-4.7.3-2]'],
  ['a/\udfff', '[MQTT-1.5.4-1]'],
  ['a'.repeat(65_536), '[MQTT-4.7.3-3]'],
  ['a#', '[MQTT-4.7.1-1]'],
  ['#a', '[MQTT-4.7.1-1]'],
  ['#/a', '[MQTT-4.7.1-1]'],
  ['a/#/', '[MQTT-4.7.1-1]'],
  ['a/##', '[MQTT-4.7.1-1]'],
  ['+#', '[MQTT-4.7.1-1]'],
  ['a+', '[MQTT-4.7.1-2]'],
  ['+a/b', '[MQTT-4.7.1-2]'],
  ['a/++/b', '[MQTT-4.7.1-2]'],
  ['$share/', '[MQTT-4.8.2-1]'],
  ['$share//a', '[MQTT-4.8.2-1]'],
  ['$share/g', '[MQTT-4.8.2-2]'],
  ['$share/g/', '[MQTT-4.8.2-2]'],
  ['$share/g+/a', '[MQTT-4.8.2-2]'],
  ['$share/#/a', '[MQTT-4.8.2-2]'],
  ['$share/g/a#', '[MQTT-4.7.1-1]'],
  ['$share/g/a+/b', '[MQTT-4.7.1-2]'],
]

for (const [filter, rule] of refused) {
  test(`refuses the filter ${JSON.stringify(filter.slice(0, 20))} ${rule}`, () => {
    assert.equal(topicFilterProblem(filter)?.rule, rule)
  })
}

const accepted = [
  'a',
  '#',
  '+',
  '/',
  '+/+',
  '/+',
  'a/+/b/#',
  '+/#',
  '$SYS/#',
  '$share',
  '$share/g/#',
  '$share/g//',
  'toString',
]

for (const filter of accepted) {
  test(`accepts the filter ${filter}`, () => assert.equal(topicFilterProblem(filter), undefined))
}

test('cites the ids of 3.1.1 below MQTT 5 [MQTT-3.1.1:4.7.1-2] [MQTT-3.1.1:4.7.1-3]', () => {
  assert.equal(topicFilterProblem('a#', 4)?.rule, '[MQTT-3.1.1:4.7.1-2]')
  assert.equal(topicFilterProblem('a+', 3)?.rule, '[MQTT-3.1.1:4.7.1-3]')
})

test('knows no shared subscriptions below MQTT 5', () => {
  assert.equal(topicFilterProblem('$share/g', 4), undefined)
  assert.equal(topicFilterProblem('$share//a', 4), undefined)
})

test('takes a shared filter apart at the second slash', () => {
  assert.deepEqual(sharedFilter('$share/group/a/b'), { shareName: 'group', filter: 'a/b' })
  assert.equal(sharedFilter('$shared/group/a'), undefined)
})

const matches: readonly (readonly [filter: string, topic: string, matches: boolean])[] = [
  ['a', 'a', true],
  ['a', 'A', false],
  ['a', 'b', false],
  ['a', 'a/', false],
  ['a', '/a', false],
  ['a/b', 'a', false],
  ['a', 'a/b', false],
  ['sport/tennis/player1/#', 'sport/tennis/player1', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
  ['sport/tennis/player1/#', 'sport/tennis/player10', false],
  ['sport/#', 'sport', true],
  ['sport/#', 'sport/', true],
  ['#', 'a', true],
  ['#', '/', true],
  ['#', 'a/b/c', true],
  ['sport/tennis/+', 'sport/tennis/player1', true],
  ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/', true],
  ['sport/+/#', 'sport', false],
  ['sport/+/#', 'sport/a', true],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['+', '/finance', false],
  ['+', 'finance', true],
  ['+/tennis/#', 'sport/tennis', true],
  ['/', '/', true],
  ['+/+', '/', true],
  ['a//b', 'a//b', true],
  ['a/+/b', 'a//b', true],
  ['a//b', 'a/b', false],
  ['#', '$SYS', false],
  ['#', '$SYS/monitor/Clients', false],
  ['+/monitor/Clients', '$SYS/monitor/Clients', false],
  ['+', '$x', false],
  ['$SYS/#', '$SYS/monitor/Clients', true],
  ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
  ['a/#', 'a/$b', true],
  ['+/$b', 'a/$b', true],
  ['$share/group/home/+', 'home/door', true],
  ['$share/group/home/+', 'garden/door', false],
  ['$share/group/#', '$SYS/x', false],
  ['$share/group/$SYS/#', '$SYS/x', true],
  ['$share/group//a', '/a', true],
  ['\u00e9', 'e\u0301', false],
  ['__proto__', '__proto__', true],
  ['+/toString', 'constructor/toString', true],
]

for (const [filter, topic, expected] of matches) {
  test(`${filter} ${expected ? 'matches' : 'does not match'} ${topic}`, () => {
    assert.equal(topicMatches(filter, topic), expected)
  })
}
