import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printed, refused } from '../values/refused.ts'
import { pub, sub } from './typed.ts'

describe('the version is', () => {
  const cases: ReadonlyArray<readonly [line: string, environment: Record<string, string>, version: number | string]> = [
    ['', {}, 'auto'],
    ['-V 311', {}, 4],
    ['-V 31', {}, 3],
    ['-D connect user-property a b', {}, 5],
    ['-x 60', {}, 5],
    ['-x 60 -V 5', {}, 5],
    ['--retain-handling 1', {}, 5],
    ['--retain-as-published', {}, 5],
    ['--no-local', {}, 5],
    ['-P secret', {}, 5], // without a user name: only MQTT 5 allows it
    ['-u me -P secret', {}, 'auto'],
    ['-R', {}, 'auto'],
    ['-c -i me', {}, 'auto'],
    ['--max-packet-size 1MiB', {}, 'auto'],
    ['-x 60', { MQTT_CLI_PROTOCOL_VERSION: '311' }, 5],
    ['', { MQTT_CLI_PROTOCOL_VERSION: '311' }, 4],
  ]
  for (const [line, environment, version] of cases) {
    test(`${version} for ${line} ${JSON.stringify(environment)}`, () => {
      assert.equal(sub(`a ${line}`, environment).connection.version, version)
    })
  }

  for (const line of ['-x 60', '-D will content-type a --will-topic w', '--no-local', '--retain-handling 0', '-P p']) {
    test(`a usage error for ${line} at 3.1.1`, () => void refused(() => sub(`a -V 311 ${line}`)))
  }
})

describe('the session', () => {
  const session = ({ connection }: ReturnType<typeof pub> | ReturnType<typeof sub>) => ({
    id: connection.clientId,
    cleanStart: connection.cleanStart,
    cleanSession311: connection.cleanSession311,
    mine: connection.resumesUserSession,
    expiry: connection.properties.sessionExpiryInterval,
    ends: connection.endSessionOnClose,
  })
  const none = { id: '', cleanStart: true, cleanSession311: true, mine: false, expiry: undefined, ends: false }

  test('of sub and of one-shot pub is none', () => {
    assert.deepEqual(session(sub('a')), none)
    assert.deepEqual(session(pub('a b -q 2')), none)
  })

  test('of pub -l at QoS 0 is none', () => {
    assert.deepEqual(session(pub('a -l')), none)
  })

  for (const qos of [1, 2]) {
    test(`of pub -l at QoS ${qos} is its own, begun without Clean Start and ended on leaving`, () => {
      const id = 'mqtt-cli-0123456789ab'

      assert.deepEqual(session(pub(`a -l -q ${qos}`)), { ...none, id, cleanStart: false, expiry: 300, ends: true })
    })
  }

  test('of pub -l keeps the client identifier of -i', () => {
    assert.equal(pub('a -l -q 1 -i me').connection.clientId, 'me')
  })

  test('of -c is the user’s, and never expires at MQTT 5', () => {
    const expected = {
      id: 'me',
      cleanStart: false,
      cleanSession311: false,
      mine: true,
      expiry: 0xffffffff,
      ends: false,
    }

    assert.deepEqual(session(sub('a -c -i me')), expected)
    assert.deepEqual(session(pub('a -l -q 1 -c -i me')), expected)
  })

  test('of -c -x expires when -x says', () => {
    assert.equal(session(sub('a -c -i me -x 60')).expiry, 60)
  })

  test('of -x without -c starts clean and is left there', () => {
    assert.deepEqual(session(sub('a -x 60 -i me')), { ...none, id: 'me', expiry: 60 })
  })

  test('of -x on pub -l is not ended on leaving', () => {
    assert.equal(session(pub('a -l -q 1 -x 60')).ends, false)
  })

  for (const line of ['-c', '-c -i=', '-x -1', '-x 4294967295', '-D connect session-expiry-interval 4294967295']) {
    test(`of ${line} without a client identifier is a usage error`, () => void refused(() => sub(`a ${line}`)))
  }

  test('at 3.1 and 3.1.1 has a random client identifier of at most 23 bytes', () => {
    assert.equal(sub('a -V 31').connection.clientId, 'mqtt-cli-0123456789ab')
    assert.equal(sub('a -V 311').connection.clientId, 'mqtt-cli-0123456789ab')
  })

  test('takes the prefix of -I', () => {
    assert.equal(sub('a -I door-').connection.clientId, 'door-0123456789ab')
  })

  test('refuses -i with -I, and a -x that contradicts -D', () => {
    refused(() => sub('a -i x -I y'))
    refused(() => sub('a -x 1 -D connect session-expiry-interval 2'))
  })
})

describe('reconnecting', () => {
  const cases: ReadonlyArray<readonly [what: string, reconnect: unknown, expected: unknown]> = [
    ['sub: without end', sub('a').connection.reconnect, { mode: 'forever' }],
    [
      'sub --reconnect-for 5',
      sub('a --reconnect-for 5').connection.reconnect,
      { mode: 'for', seconds: 5, firstToo: true },
    ],
    ['sub --reconnect-for 0', sub('a --reconnect-for 0').connection.reconnect, { mode: 'never' }],
    ['pub -l: 60 s', pub('a -l').connection.reconnect, { mode: 'for', seconds: 60 }],
    [
      'pub -l --reconnect-for 2m',
      pub('a -l --reconnect-for 2m').connection.reconnect,
      { mode: 'for', seconds: 120, firstToo: true },
    ],
    [
      'sub, from the environment',
      sub('a', { MQTT_CLI_RECONNECT_FOR: '5' }).connection.reconnect,
      { mode: 'for', seconds: 5 },
    ],
    [
      'one-shot pub --reconnect-for 5',
      pub('a b --reconnect-for 5').connection.reconnect,
      { mode: 'first', seconds: 5 },
    ],
    ['one-shot pub: never', pub('a b').connection.reconnect, { mode: 'never' }],
    ['pub -s: never', pub('a -s').connection.reconnect, { mode: 'never' }],
    [
      'one-shot pub leaves MQTT_CLI_RECONNECT_FOR to others',
      pub('a b', { MQTT_CLI_RECONNECT_FOR: '5' }).connection.reconnect,
      { mode: 'never' },
    ],
  ]
  for (const [what, reconnect, expected] of cases) {
    test(what, () => assert.deepEqual(reconnect, expected))
  }
})

describe('Receive Maximum', () => {
  const receiveMaximum = (line: string) => sub(`a ${line}`).connection.properties.receiveMaximum

  test('is lowered to -C below 20', () => {
    assert.deepEqual([receiveMaximum('-C 1'), receiveMaximum('-C 19')], [1, 19])
  })

  test('is not announced with -C 20 or without -C', () => {
    assert.deepEqual([receiveMaximum('-C 20'), receiveMaximum('')], [undefined, undefined])
  })

  test('is what -D connect says when that is given', () => {
    assert.equal(receiveMaximum('-C 5 -D connect receive-maximum 9'), 9)
  })
})

describe('the will', () => {
  test('has every part', () => {
    const { will } = sub(
      'a --will-topic w --will-payload bye --will-qos 1 --will-retain -D will will-delay-interval 5',
    ).connection

    assert.deepEqual(will, {
      topic: 'w',
      payload: Buffer.from('bye'),
      qos: 1,
      retain: true,
      properties: { willDelayInterval: 5 },
    })
  })

  test('is an empty message at QoS 0 by default', () => {
    const { will } = pub('a b --will-topic w').connection

    assert.deepEqual(will, { topic: 'w', payload: Buffer.alloc(0), qos: 0, retain: false, properties: {} })
  })

  test('may be what is left behind', () => {
    const line = '--will-topic w --leave-will'

    assert.deepEqual(
      [sub(`a ${line}`), pub(`a b ${line}`)].map(({ connection }) => connection.leavesWithWill),
      [true, true],
    )
  })

  for (const line of [
    '--leave-will',
    '--will-payload x',
    '--will-qos 1',
    '--will-retain',
    '-D will content-type a',
    '--will-topic w/#',
  ]) {
    test(`refuses ${line}`, () => void refused(() => sub(`a ${line}`)))
  }
})

describe('the login', () => {
  const cases: ReadonlyArray<readonly [line: string, environment: Record<string, string>, login: unknown]> = [
    ['-u me -P secret', {}, ['me', { from: 'text', text: 'secret' }]],
    ['-L mqtt://me:secret@h', {}, ['me', { from: 'text', text: 'secret' }]],
    ['-L mqtt://me:secret@h -u you -P other', {}, ['you', { from: 'text', text: 'other' }]],
    [
      '-L mqtt://me:secret@h',
      { MQTT_CLI_PASSWORD: 'e', MQTT_CLI_USERNAME: 'eu' },
      ['me', { from: 'text', text: 'secret' }],
    ],
    ['-u me', { MQTT_CLI_PASSWORD: 'e' }, ['me', { from: 'text', text: 'e' }]],
    ['-u me --password-file f', { MQTT_CLI_PASSWORD: 'e' }, ['me', { from: 'file', path: 'f' }]],
    ['-u me --password-env V', {}, ['me', { from: 'environment', name: 'V' }]],
    ['-u me --password-command pass', {}, ['me', { from: 'command', command: 'pass' }]],
    ['-u me --ask-password', {}, ['me', { from: 'prompt' }]],
    ['-u me -P', {}, ['me', { from: 'prompt' }]],
    ['-u me', {}, ['me', undefined]],
  ]
  for (const [line, environment, login] of cases) {
    test(`${line} ${JSON.stringify(environment)}`, () => {
      const { connection, passwordSource } = sub(`a ${line}`, environment)

      assert.deepEqual([connection.username, passwordSource], login)
    })
  }

  test('refuses two ways to give a password', () => void refused(() => sub('a -u me -P x --password-file f')))

  test('leaves the password out of the settings until it is read', () => {
    assert.doesNotMatch(JSON.stringify(sub('a -u me -P canary').connection), /canary/)
  })
})

test('defaults are filled in', () => {
  const { connection } = sub('a')

  assert.equal(connection.keepAliveSeconds, 60)
  assert.equal(connection.connectDeadlineMs, 10_000)
  assert.equal(connection.noDelay, true)
  assert.deepEqual(connection.properties, {})
  assert.deepEqual(connection.disconnectProperties, {})
})

test('numbers with units reach their fields', () => {
  const { connection } = pub('a -l -k 5 --connect-timeout 2.5 --no-nodelay -A 127.0.0.1 --max-packet-size 1MiB -M 7')

  assert.equal(connection.keepAliveSeconds, 5)
  assert.equal(connection.connectDeadlineMs, 2500)
  assert.equal(connection.noDelay, false)
  assert.equal(connection.bindAddress, '127.0.0.1')
  assert.equal(connection.maximumPacketSize, 1_048_576)
  assert.equal(connection.properties.maximumPacketSize, 1_048_576)
  assert.equal(connection.inflightMaximum, 7)
})

test('-D connect maximum-packet-size is a local cap too', () => {
  assert.equal(sub('a -D connect maximum-packet-size 100').connection.maximumPacketSize, 100)
})

test('errors name what was said: the flag, or the variable', () => {
  assert.match(printed(refused(() => sub('a -k x'))), /--keepalive/)
  assert.match(printed(refused(() => sub('a', { MQTT_CLI_KEEPALIVE: 'x' }))), /MQTT_CLI_KEEPALIVE/)
})
