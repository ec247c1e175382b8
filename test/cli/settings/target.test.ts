import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printed, refused } from '../values/refused.ts'
import { pubWords, sub } from './typed.ts'

/** The target in one line: transport, place, WebSocket path. */
function place(line: string, environment = {}): string {
  const { target } = sub(`a ${line}`, environment).connection
  if (target.transport === 'unix') return `unix ${target.path}`
  const path = 'path' in target ? ` ${target.path}` : ''
  return `${target.transport} ${target.host}:${target.port}${path}`
}

describe('the target is', () => {
  const cases: ReadonlyArray<readonly [line: string, target: string]> = [
    ['', 'tcp localhost:1883'],
    ['-h broker', 'tcp broker:1883'],
    ['-h broker -p 1884', 'tcp broker:1884'],
    ['-h ::1', 'tcp ::1:1883'],
    ['-p 8883', 'tls localhost:8883'],
    ['--tls', 'tls localhost:8883'],
    ['--cafile ca.pem', 'tls localhost:8883'],
    ['--capath certs', 'tls localhost:8883'],
    ['--cafile ca.pem -p 1883', 'tls localhost:1883'],
    ['--cert c.pem --key k.pem', 'tls localhost:8883'],
    ['--ws', 'ws localhost:80 /mqtt'],
    ['--ws --tls', 'wss localhost:443 /mqtt'],
    ['--ws -p 8883', 'ws localhost:8883 /mqtt'],
    ['--ws --ws-path live', 'ws localhost:80 /live'],
    ['--unix /run/m.sock', 'unix /run/m.sock'],
    ['-L mqtt://broker', 'tcp broker:1883'],
    ['-L mqtt://broker:8883', 'tcp broker:8883'],
    ['-L mqtts://broker', 'tls broker:8883'],
    ['-L mqtt://broker --cafile ca.pem', 'tls broker:8883'],
    ['-L ws://broker', 'ws broker:80 /mqtt'],
    ['-L ws://broker/', 'ws broker:80 /'],
    ['-L wss://broker/a?b', 'wss broker:443 /a?b'],
    ['-L ws://broker --tls', 'wss broker:443 /mqtt'],
    ['-L unix:///run/m.sock', 'unix /run/m.sock'],
  ]
  for (const [line, target] of cases) {
    test(`${target} for ${line === '' ? 'nothing' : line}`, () => {
      assert.equal(place(line), target)
    })
  }
})

describe('a flag comes before the environment, and that before the default', () => {
  const cases: ReadonlyArray<readonly [line: string, environment: Record<string, string>, target: string]> = [
    ['', { MQTT_CLI_HOST: 'e', MQTT_CLI_PORT: '1884' }, 'tcp e:1884'],
    ['-h t', { MQTT_CLI_HOST: 'e', MQTT_CLI_PORT: '1884' }, 'tcp t:1884'],
    ['', { MQTT_CLI_URL: 'mqtts://e:1' }, 'tls e:1'],
    ['', { MQTT_CLI_URL: 'mqtts://e', MQTT_CLI_HOST: 'other' }, 'tls e:8883'],
    ['-h t', { MQTT_CLI_URL: 'mqtts://e:1' }, 'tcp t:1883'],
    ['-p 9', { MQTT_CLI_URL: 'mqtts://e:1' }, 'tls e:9'],
    ['--unix /s', { MQTT_CLI_URL: 'mqtts://e:1', MQTT_CLI_HOST: 'e' }, 'unix /s'],
    ['-L ws://t', { MQTT_CLI_HOST: 'e', MQTT_CLI_PORT: '1884' }, 'ws t:80 /mqtt'],
    ['-L mqtt://t', { MQTT_CLI_CAFILE: 'ca.pem' }, 'tcp t:1883'],
    ['-h t', { MQTT_CLI_CAFILE: 'ca.pem' }, 'tls t:8883'],
    ['-h t', { MQTT_CLI_WS: '1' }, 'ws t:80 /mqtt'],
  ]
  for (const [line, environment, target] of cases) {
    test(`${line} with ${JSON.stringify(environment)}`, () => assert.equal(place(line, environment), target))
  }

  test('a typed host leaves the login of MQTT_CLI_URL behind', () => {
    const { connection, passwordSource } = sub('a -h other', { MQTT_CLI_URL: 'mqtt://me:secret@e' })

    assert.deepEqual([connection.username, passwordSource], [undefined, undefined])
  })
})

describe('the target refuses', () => {
  for (const line of [
    '-L mqtt://a -h b',
    '-L mqtt://a -p 1884',
    '-h a --unix /s',
    '--unix /s -p 1',
    '--embedded -h a',
    '--embedded -p 1',
    '--unix /s --tls',
    '--insecure',
    '--tls-version 1.3',
    '--ciphers x -h a',
    '--ws-path /x',
    '-L mqtt://a --ws',
    '--cert c.pem',
    '--tls --key k.pem',
    '-p 0',
    '-p 65536',
    '--unix=',
    '-h=',
    '-h mqtt://me:canary@h',
    '-h me:canary@h',
    '-p canary',
  ]) {
    test(line, () => assert.doesNotMatch(printed(refused(() => place(line))), /canary/))
  }
})

test('TLS settings carry every flag', () => {
  const flags =
    '--cafile ca --capath dir --cert c --key k --keypw p --insecure --tls-version tlsv1.3 --ciphers X --tls-alpn mqtt,x --tls-sni n'

  assert.deepEqual(sub(`a ${flags}`).connection.tls, {
    insecure: true,
    caFile: 'ca',
    caPath: 'dir',
    certFile: 'c',
    keyFile: 'k',
    keyPassphrase: 'p',
    serverName: 'n',
    alpn: ['mqtt', 'x'],
    version: '1.3',
    ciphers: 'X',
  })
})

test('blanks after the commas of --tls-alpn are no part of a name', () => {
  const { tls } = pubWords(['a', 'b', '--tls', '--tls-alpn', 'mqtt, http/1.1']).connection

  assert.deepEqual(tls.alpn, ['mqtt', 'http/1.1'])
})

test('--insecure is noted each time it counts', () => {
  assert.match(sub('a --tls --insecure').notes.join(), /not verified/)
  assert.deepEqual(sub('a --tls').notes, [])
})

test('WebSocket headers are kept, __proto__ too', () => {
  const { target } = sub('a --ws --ws-header X-A:1 --ws-header __proto__:2').connection

  assert.deepEqual(Object.entries('headers' in target ? target.headers : {}), [
    ['X-A', '1'],
    ['__proto__', '2'],
  ])
})
