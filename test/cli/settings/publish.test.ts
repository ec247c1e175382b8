import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printed, refused } from '../values/refused.ts'
import { pub, pubWords } from './typed.ts'

const text = (...values: string[]) => ({ from: 'arguments', payloads: values.map((value) => Buffer.from(value)) })

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
    ['a -f file', {}, 'a', { from: 'files', paths: ['file'] }],
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
    ['a -f x', { MQTT_CLI_MESSAGE: 'e' }, 'a', { from: 'files', paths: ['x'] }],
    ['a', { MQTT_CLI_MESSAGE: 'e' }, 'a', text('e')],
    ['__proto__ toString', {}, '__proto__', text('toString')],
  ]
  for (const [line, environment, topic, source] of cases) {
    test(`${line} ${JSON.stringify(environment)}`, () => {
      const { publish } = pub(line, environment)

      assert.deepEqual([publish.topics, publish.source], [[topic], source])
    })
  }
})

describe('what is given several times is used every time', () => {
  const cases: ReadonlyArray<readonly [line: string, topics: readonly string[], source: unknown]> = [
    ['-t a -t b hello', ['a', 'b'], text('hello')],
    ['-t a -t a hello', ['a', 'a'], text('hello')],
    ['-m one -m two a', ['a'], text('one', 'two')],
    ['-t a -t b -m one -m two', ['a', 'b'], text('one', 'two')],
    ['-t a -f x -f y', ['a'], { from: 'files', paths: ['x', 'y'] }],
    ['-t a -t b -n', ['a', 'b'], { from: 'nothing' }],
    ['-t a -t b -s', ['a', 'b'], { from: 'stdin' }],
  ]
  for (const [line, topics, source] of cases) {
    test(line, () => {
      const { publish } = pub(line)

      assert.deepEqual([publish.topics, publish.source], [topics, source])
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
    'a -n -n',
    'a b --will-topic x --will-topic y',
    'a b --will-topic x --will-payload y --will-payload z',
    '-t a -t b -l',
    '-t a -t b/# hi',
    '-m b -f c -t a',
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

  for (const line of [
    'mqtt://me:canary@h/#',
    'mqtts://me:canary@h hi',
    '-t mqtt://me:canary@h/# hi',
    'a hi -p canary',
  ]) {
    test(`${line}, and shows nothing of a password in it`, () => {
      assert.doesNotMatch(printed(refused(() => pub(line))), /canary/)
    })
  }

  test('an empty topic [MQTT-4.7.3-1]', () => void refused(() => pub('-t= hi')))
})

test('every publish flag reaches its setting', () => {
  const line = 'a b -q 2 -r --repeat 3 --repeat-delay 0.5 -D publish content-type x -D publish user-property k v'

  assert.deepEqual(pub(line).publish, {
    topics: ['a'],
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

describe('a carriage return at the end is said, since nobody sees it', () => {
  const cases: ReadonlyArray<readonly [words: readonly string[], environment: Record<string, string>, name: string]> = [
    [['-t', 'a\r', '-m', 'b'], {}, 'TOPIC'],
    [['a\r', 'b'], {}, 'TOPIC'],
    [['a', 'b', '-h', 'broker\r'], {}, '--host'],
    [['a', 'b', '-u', 'me\r'], {}, '--username'],
    [['a', 'b'], { MQTT_CLI_ID: 'me\r' }, 'MQTT_CLI_ID'],
  ]
  for (const [words, environment, name] of cases) {
    test(JSON.stringify([words, environment]), () => {
      assert.ok(pubWords(words, environment).notes.some((note) => note.startsWith(`${name} ends`)))
    })
  }

  test('of a message it is nobody’s business', () => assert.deepEqual(pubWords(['a', 'b\r']).notes, []))
})
