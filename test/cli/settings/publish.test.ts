import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refused } from '../values/refused.ts'
import { pub } from './typed.ts'

const text = (value: string) => ({ from: 'argument', payload: Buffer.from(value) })

describe('topic and message of', () => {
  const cases: ReadonlyArray<
    readonly [line: string, environment: Record<string, string>, topic: string, source: unknown]
  > = [
    ['a/b hello', {}, 'a/b', text('hello')],
    ['a/b -m hello', {}, 'a/b', text('hello')],
    ['-t a/b hello', {}, 'a/b', text('hello')],
    ['-t a/b -m hello', {}, 'a/b', text('hello')],
    ['-L mqtt://h/a/b hello', {}, 'a/b', text('hello')],
    ['-L mqtt://h/a/b -t c hello', {}, 'c', text('hello')],
    ['-L mqtt://h a/b hello', {}, 'a/b', text('hello')],
    ['-L ws://h/path a/b hello', {}, 'a/b', text('hello')],
    ['-t a -t b hello', {}, 'b', text('hello')],
    ['a -f file', {}, 'a', { from: 'file', path: 'file' }],
    ['a -s', {}, 'a', { from: 'stdin' }],
    ['a -l', {}, 'a', { from: 'stdin-lines' }],
    ['a -n', {}, 'a', { from: 'nothing' }],
    ['a -m -temp', {}, 'a', text('-temp')],
    ['a -m=', {}, 'a', text('')],
    ['a -5', {}, 'a', text('-5')],
    ['-m hi', { MQTT_CLI_TOPIC: 'e' }, 'e', text('hi')],
    ['-t a hi', { MQTT_CLI_TOPIC: 'e' }, 'a', text('hi')],
    ['a hi', { MQTT_CLI_TOPIC: 'e' }, 'a', text('hi')],
    ['-m hi', { MQTT_CLI_URL: 'mqtt://h/e' }, 'e', text('hi')],
    ['a hi', { MQTT_CLI_MESSAGE: 'e' }, 'a', text('hi')],
    ['a -f x', { MQTT_CLI_MESSAGE: 'e' }, 'a', { from: 'file', path: 'x' }],
    ['a', { MQTT_CLI_MESSAGE: 'e' }, 'a', text('e')],
    ['__proto__ toString', {}, '__proto__', text('toString')],
  ]
  for (const [line, environment, topic, source] of cases) {
    test(`${line} ${JSON.stringify(environment)}`, () => {
      const { publish } = pub(line, environment)

      assert.deepEqual([publish.topic, publish.source], [topic, source])
    })
  }
})

describe('pub refuses', () => {
  for (const line of [
    '',
    'a',
    '-m hi',
    '-t a',
    '-t a b c',
    'a b c',
    'a b -m c',
    'a -m b -f c',
    'a -l -s',
    'a -n -m x',
    'a/# hi',
    'a/+/b hi',
    '-t # hi',
    '-L mqtt://h/a%23 hi',
    'a hi -q 3',
    'a -l --repeat 2',
    'a hi --repeat 0',
    'a hi --repeat-delay x',
    'a hi -M 65536',
    'a hi -D subscribe user-property x y',
    'a \ufffd',
  ]) {
    test(line === '' ? 'nothing at all' : line, () => void refused(() => pub(line)))
  }

  test('an empty topic [MQTT-4.7.3-1]', () => void refused(() => pub('-t= hi')))
})

test('every publish flag reaches its setting', () => {
  const line = 'a b -q 2 -r --repeat 3 --repeat-delay 0.5 -D publish content-type x -D publish user-property k v'

  assert.deepEqual(pub(line).publish, {
    topic: 'a',
    source: text('b'),
    qos: 2,
    retain: true,
    properties: { contentType: 'x', userProperties: [['k', 'v']] },
    repeatCount: 3,
    repeatDelayMs: 500,
    drainDeadlineMs: 2000,
  })
})

test('-M 0 is no limit, as with mosquitto', () => {
  assert.equal(pub('a -l -M 0').connection.inflightMaximum, undefined)
})

describe('what every command reports', () => {
  const cases: ReadonlyArray<readonly [line: string, reporting: unknown]> = [
    ['', { json: false, trace: undefined, embedded: false }],
    ['--json', { json: true, trace: undefined, embedded: false }],
    ['--trace', { json: false, trace: 'text', embedded: false }],
    ['--trace=json', { json: false, trace: 'json', embedded: false }],
    ['-d', { json: false, trace: 'text', embedded: false }],
    ['-d --trace=json', { json: false, trace: 'json', embedded: false }],
    ['--embedded', { json: false, trace: undefined, embedded: true }],
  ]
  for (const [line, expected] of cases) {
    test(line === '' ? 'by default' : line, () => {
      const { json, trace, embedded } = pub(`a b ${line}`)

      assert.deepEqual({ json, trace, embedded }, expected)
    })
  }

  test('refuses --trace=xml', () => void refused(() => pub('a b --trace=xml')))
})
