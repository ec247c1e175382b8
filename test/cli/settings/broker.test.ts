import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printed, refused } from '../values/refused.ts'
import { broker } from './typed.ts'

const defaults = {
  host: '127.0.0.1',
  port: 1883,
  deny: [],
  denyUser: [],
  webSocketOrigins: [],
  limits: {},
  isVerbose: false,
  json: false,
  notes: [],
}
const tls = { certFile: 'c', keyFile: 'k' }

const cases: readonly (readonly [line: string, environment: Record<string, string>, settings: object])[] = [
  ['', {}, {}],
  ['-p 0', {}, { port: 0 }],
  ['-p 1 -p 2', {}, { port: 2 }],
  ['--port 1884 --ws-port 9001 -v --json', {}, { port: 1884, webSocketPort: 9001, isVerbose: true, json: true }],
  ['', { MQTT_CLI_BROKER_PORT: '1885', MQTT_CLI_BROKER_WS_PORT: '0' }, { port: 1885, webSocketPort: 0 }],
  ['', { MQTT_CLI_PORT: '1885', MQTT_CLI_PASSWORD_FILE: 'f', MQTT_CLI_CAFILE: 'a', MQTT_CLI_CERT: 'c' }, {}],
  ['--cert c --key k', {}, { port: 8883, tls }],
  ['--tls --cert c --key k -p 1', {}, { port: 1, tls }],
  ['--cert c --key k --cafile a', {}, { port: 8883, tls: { ...tls, caFile: 'a' } }],
  ['--password-file f --deny a/# --deny b', {}, { passwordFile: 'f', deny: ['a/#', 'b'] }],
  ['--max-packet-size 1MiB', {}, { limits: { maximumPacketSize: 1_048_576 } }],
  [
    '--memory-limit 64MiB --max-connections 10 --max-sessions 20 --max-filters 30',
    {},
    { limits: { memoryBytes: 67_108_864, connections: 10, sessions: 20, filters: 30 } },
  ],
  ['', { MQTT_CLI_BROKER_MEMORY_LIMIT: '1GiB' }, { limits: { memoryBytes: 1_073_741_824 } }],
  [
    '--deny-user anna secret/# --deny-user bob -x',
    {},
    {
      denyUser: [
        { username: 'anna', filter: 'secret/#' },
        { username: 'bob', filter: '-x' },
      ],
    },
  ],
  ['', { MQTT_CLI_BROKER_DENY_USER: 'anna a b' }, { denyUser: [{ username: 'anna', filter: 'a b' }] }],
  ['--ws-origin https://a.example/ --ws-origin *', {}, { webSocketOrigins: ['https://a.example', '*'] }],
  ['--trace', {}, { trace: 'text' }],
  ['-d', {}, { trace: 'text' }],
  ['--trace=json', {}, { trace: 'json' }],
  ['--bind ::1', {}, { host: '::1' }],
  ['-A 127.0.0.2', {}, { host: '127.0.0.2' }],
  ['--bind 127.0.0.3 --password-file f', {}, { host: '127.0.0.3', passwordFile: 'f' }],
]

describe('broker reads', () => {
  for (const [line, environment, settings] of cases) {
    test(`'${line}' ${JSON.stringify(environment)}`, () => {
      assert.deepEqual(broker(line, environment), { ...defaults, ...settings })
    })
  }

  test('an address that others reach, with a note that nobody is kept out', () => {
    assert.match(broker('--bind 0.0.0.0').notes.join(), /0\.0\.0\.0.*--password-file/)
  })
})

test('a broker that lets in some only is noted as well when others reach it', () => {
  assert.match(broker('--bind 192.0.2.1 --password-file p').notes.join(), /192\.0\.2\.1.*in the clear/)
  assert.match(broker('--bind 192.0.2.1 --password-file p --cert c --key k').notes.join(), /beyond this machine/)
  for (const bind of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
    assert.deepEqual(broker(`--bind ${bind}`).notes, [])
})

test('broker names its own variable when that is wrong', () => {
  assert.match(printed(refused(() => broker('', { MQTT_CLI_BROKER_PORT: 'x' }))), /MQTT_CLI_BROKER_PORT/)
})

describe('broker refuses', () => {
  const lines = [
    'word',
    '-p 65536',
    '-p x',
    '--ws-port -1',
    '--tls',
    '--trace=xml',
    '--cert c',
    '--key k',
    '--cafile a',
    '--deny a#',
    '--deny a/+b',
    '--max-packet-size 0',
    '--memory-limit 1MiB',
    '--max-connections 0',
    '--max-filters x',
    '--deny-user anna',
    '--deny-user anna a#',
    '--ws-origin a.example',
    '--ws-origin https://a.example/page',
  ]
  for (const line of lines) {
    test(line, () => {
      refused(() => broker(line))
    })
  }
})
