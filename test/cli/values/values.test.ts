import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { byteSize } from '../../../src/cli/values/byte-size.ts'
import { durationMs, positiveDurationMs } from '../../../src/cli/values/duration.ts'
import { httpHeader } from '../../../src/cli/values/http-header.ts'
import { integer } from '../../../src/cli/values/integer.ts'
import { mqttVersion } from '../../../src/cli/values/mqtt-version.ts'
import { qos } from '../../../src/cli/values/qos.ts'
import { sessionExpirySeconds } from '../../../src/cli/values/session-expiry.ts'
import { tlsVersion } from '../../../src/cli/values/tls-version.ts'
import { topicFilter, topicName } from '../../../src/cli/values/topic.ts'
import { printed, refused } from './refused.ts'

type Reader = (text: string) => unknown

interface Values {
  readonly read: Reader
  readonly good: ReadonlyArray<readonly [text: string, value: unknown]>
  readonly bad: readonly string[]
}

const table: Readonly<Record<string, Values>> = {
  'an MQTT version': {
    read: (text) => mqttVersion(text, '-V'),
    good: [
      ...['3.1', '31', 'mqttv31'].map((text) => [text, 3] as const),
      ...['3.1.1', '311', '4', 'mqttv311', 'MQTTv311'].map((text) => [text, 4] as const),
      ...['5', '5.0', 'mqttv5'].map((text) => [text, 5] as const),
      ['auto', 'auto'],
    ],
    bad: ['3', '6', '', 'v5', '3.1.2'],
  },
  'a QoS': {
    read: (text) => qos(text, '-q'),
    good: [
      ['0', 0],
      ['1', 1],
      ['2', 2],
    ],
    bad: ['3', '-1', '', '01', '1.0'],
  },
  'a duration': {
    read: (text) => durationMs(text, '--connect-timeout'),
    good: [
      ['10', 10_000],
      ['0.5', 500],
      ['.25', 250],
      ['250ms', 250],
      ['2m', 120_000],
      ['1h', 3_600_000],
      ['0', 0],
    ],
    bad: ['', '-1', '1d', 'ten', '1e3', '1 s', '600h'],
  },
  'a size in bytes': {
    read: (text) => byteSize(text, '--max-packet-size', 1_000_000),
    good: [
      ['1', 1],
      ['64KiB', 65_536],
      ['64k', 65_536],
      ['1kB', 1000],
      ['1000000', 1_000_000],
    ],
    bad: ['0', '1000001', '1GiB', '-1', '', '1.5k', 'toString'],
  },
  'a whole number in a range': {
    read: (text) => integer(text, '-k', { minimum: 0, maximum: 65_535 }),
    good: [
      ['0', 0],
      ['65535', 65_535],
      ['+7', 7],
    ],
    bad: ['65536', '-1', '', '1.5', '0x10', ' 1', '1e2'],
  },
  'a session expiry': {
    read: (text) => sessionExpirySeconds(text, '-x'),
    good: [
      ['0', 0],
      ['4294967294', 4_294_967_294],
      ['4294967295', 0xffffffff],
      ['-1', 0xffffffff],
      ['∞', 0xffffffff],
    ],
    bad: ['4294967296', '-2', '', '1s'],
  },
  'a TLS version': {
    read: (text) => tlsVersion(text, '--tls-version'),
    good: [
      ['1.2', '1.2'],
      ['tlsv1.2', '1.2'],
      ['1.3', '1.3'],
      ['TLSv1.3', '1.3'],
      ['tlsv1.1', '1.1'],
    ],
    bad: ['1.4', 'tlsv1', '', '1.22'],
  },
  'an HTTP header': {
    read: (text) => httpHeader(text, '--ws-header'),
    good: [
      ['Authorization: Bearer a:b=c', ['Authorization', 'Bearer a:b=c']],
      ['X-A=1', ['X-A', '1']],
      ['X-Empty:', ['X-Empty', '']],
    ],
    bad: ['nothing', ': value', 'a b: c', 'a: b\r\nc: d'],
  },
  'a topic to publish to [MQTT-3.3.2-2] [MQTT-4.7.3-1] [MQTT-4.7.3-2]': {
    read: (text) => topicName(text, 'TOPIC', 5),
    good: [
      ['a/b', 'a/b'],
      ['/', '/'],
      ['$SYS/x', '$SYS/x'],
      ['__proto__', '__proto__'],
      ['ä', 'ä'],
    ],
    bad: ['', 'a/+', 'a/#', 'a\0b', '\ud800', 'not-utf8-\ufffd', 'x'.repeat(65_536)],
  },
  'a topic filter [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.8.2-1]': {
    read: (text) => topicFilter(text, 'FILTER', 5),
    good: [
      ['#', '#'],
      ['a/+/b', 'a/+/b'],
      ['$share/g/a/#', '$share/g/a/#'],
      ['toString', 'toString'],
    ],
    bad: ['', 'a/#/b', 'a#', 'a/b+', '$share//a', '$share/g', 'a\0', '\ufffd'],
  },
}

for (const [what, { read, good, bad }] of Object.entries(table)) {
  describe(what, () => {
    for (const [text, value] of good) {
      test(`is ${JSON.stringify(text)}`, () => assert.deepEqual(read(text), value))
    }
    for (const text of bad) {
      test(`is not ${JSON.stringify(text.slice(0, 20))}`, () => void refused(() => read(text)))
    }
  })
}

test('a bare 3 is refused with both versions as a hint', () => {
  assert.match(printed(refused(() => mqttVersion('3', '-V'))), /3\.1\.1.*3\.1 /)
})

test('a duration of nothing is refused where something is needed', () => {
  assert.match(refused(() => positiveDurationMs('0', '-W')).message, /-W/)
})

test('$share/g is a filter like any other below MQTT 5', () => {
  assert.equal(topicFilter('$share/g', 'FILTER', 4), '$share/g')
})

test('a bad topic names its flag and its rule', () => {
  const error = refused(() => topicName('a/#', '--topic', 5))

  assert.match(error.message, /--topic/)
  assert.equal(error.details.statement, '[MQTT-3.3.2-2]')
})

test('a header that is refused is not repeated', () => {
  assert.doesNotMatch(printed(refused(() => httpHeader('Bearer canary', '--ws-header'))), /canary/)
})
