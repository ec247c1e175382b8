import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refused } from '../values/refused.ts'
import { sub } from './typed.ts'

const filters = (line: string, environment = {}) =>
  sub(line, environment).subscribe.subscriptions.map(({ filter }) => filter)

describe('the filters of', () => {
  const cases: ReadonlyArray<readonly [line: string, environment: Record<string, string>, filters: string[]]> = [
    ['a/# b/+', {}, ['a/#', 'b/+']],
    ['-t a -t b', {}, ['a', 'b']],
    ['a -t b -t a', {}, ['a', 'b']],
    ['-L mqtt://h/a/%23 -t b', {}, ['b', 'a/#']],
    ['-L ws://h/a b', {}, ['b']],
    ['b', { MQTT_CLI_TOPIC: 'e' }, ['b']],
    ['', { MQTT_CLI_TOPIC: 'e' }, ['e']],
    ['', { MQTT_CLI_URL: 'mqtt://h/e' }, ['e']],
    ['b', { MQTT_CLI_URL: 'mqtt://h/e' }, ['b']],
    ['__proto__ toString constructor', {}, ['__proto__', 'toString', 'constructor']],
    ['-U a', {}, []],
  ]
  for (const [line, environment, expected] of cases) {
    test(`${line} ${JSON.stringify(environment)}`, () => assert.deepEqual(filters(line, environment), expected))
  }
})

test('every subscription flag reaches its setting', () => {
  const line =
    'a -q 1 --no-local --retain-as-published --retain-handling 1 -T x/# -T y -U u -C 3 -W 1.5 -E --retained-only -D subscribe subscription-identifier 7 -D unsubscribe user-property k v'

  assert.deepEqual(sub(line).subscribe, {
    subscriptions: [{ filter: 'a', qos: 1, noLocal: true, retainAsPublished: true, retainHandling: 1 }],
    properties: { subscriptionIdentifier: [7] },
    unsubscribe: ['u'],
    unsubscribeProperties: { userProperties: [['k', 'v']] },
    filterOut: ['x/#', 'y'],
    count: 3,
    giveUpAfterMs: 1500,
    exitAfterSuback: true,
    hideRetained: false,
    retainedOnly: true,
  })
})

test('-R hides retained messages and asks for none', () => {
  const { subscribe } = sub('a -R')

  assert.equal(subscribe.hideRetained, true)
  assert.equal(subscribe.subscriptions[0]?.retainHandling, 2)
})

test('-R leaves a --retain-handling that was asked for', () => {
  assert.equal(sub('a -R --retain-handling 0').subscribe.subscriptions[0]?.retainHandling, 0)
})

describe('sub refuses', () => {
  for (const line of [
    '',
    'a/#/b',
    'a#',
    '-t a+',
    'a -T #/x',
    'a -U $share//x',
    '-L mqtt://h/a%23',
    'a -C 0',
    'a -W 0',
    'a -q 3',
    'a -R --retained-only',
    'a --retain-handling 3',
    '$share/g/a --no-local',
    'a --json -v',
    'a --json -F %p',
    'a -D publish content-type x',
  ]) {
    test(line === '' ? 'nothing at all' : line, () => void refused(() => sub(line)))
  }

  test('an empty filter [MQTT-4.7.3-1]', () => void refused(() => sub('-t=')))
})

describe('the output of', () => {
  const cases: ReadonlyArray<readonly [line: string, environment: Record<string, string>, output: unknown]> = [
    ['', {}, { mode: 'plain', verbose: false, endOfLine: true, raw: false }],
    ['-v -N --raw', {}, { mode: 'plain', verbose: true, endOfLine: false, raw: true }],
    ['-F %t', {}, { mode: 'format', format: '%t', endOfLine: true, raw: false }],
    ['-F %t -v -N', {}, { mode: 'format', format: '%t', endOfLine: false, raw: false }],
    ['--json', {}, { mode: 'json' }],
    ['--json', { MQTT_CLI_VERBOSE: '1' }, { mode: 'json' }],
    ['-v', { MQTT_CLI_JSON: '1' }, { mode: 'plain', verbose: true, endOfLine: true, raw: false }],
  ]
  for (const [line, environment, output] of cases) {
    test(`sub ${line} ${JSON.stringify(environment)}`, () =>
      assert.deepEqual(sub(`a ${line}`, environment).output, output))
  }
})
