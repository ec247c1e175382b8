import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withPlainTarget } from '../../src/cli/plain-target.ts'
import { MqttCliError } from '../../src/errors.ts'

function said(flags: Readonly<Record<string, string>>, words: readonly string[] = [], environment = {}) {
  return { flags: { ...environment, ...flags }, typed: new Set(Object.keys(flags)), words }
}

const plain: readonly {
  readonly what: string
  readonly given: Parameters<typeof withPlainTarget>[0]
  readonly flags: object
  readonly words?: readonly string[]
}[] = [
  { what: 'a host alone', given: said({ host: 'broker' }), flags: { host: 'broker' } },
  { what: 'an address', given: said({ host: '10.0.0.1' }), flags: { host: '10.0.0.1' } },
  { what: 'an IPv6 address', given: said({ host: 'fe80::1' }), flags: { host: 'fe80::1' } },
  { what: 'host:port', given: said({ host: 'broker:1884' }), flags: { host: 'broker', port: '1884' } },
  { what: '[address]', given: said({ host: '[::1]' }), flags: { host: '::1' } },
  { what: '[address]:port', given: said({ host: '[::1]:1884' }), flags: { host: '::1', port: '1884' } },
  {
    what: 'the same port twice',
    given: said({ host: 'broker:1884', port: '1884' }),
    flags: { host: 'broker', port: '1884' },
  },
  { what: 'several hosts', given: said({ host: 'a:1,b:2' }), flags: { host: 'a:1,b:2' } },
  { what: 'a URL as host', given: said({ host: 'mqtts://broker/t' }), flags: { url: 'mqtts://broker/t' } },
  { what: 'host:port as URL', given: said({ url: 'broker:1884' }), flags: { url: 'mqtt://broker:1884' } },
  { what: 'a host as URL', given: said({ url: 'broker' }), flags: { url: 'mqtt://broker' } },
  { what: 'the port of TLS as URL', given: said({ url: 'broker:8883/t' }), flags: { url: 'mqtts://broker:8883/t' } },
  { what: 'a login as URL', given: said({ url: 'me:pw@broker' }), flags: { url: 'mqtt://me:pw@broker' } },
  {
    what: 'a URL as first word',
    given: said({}, ['mqtt://broker/a', 'x']),
    flags: { url: 'mqtt://broker/a' },
    words: ['x'],
  },
  {
    what: 'a URL as first word behind -t',
    given: said({ topic: 'a' }, ['mqtt://broker']),
    flags: { topic: 'a' },
    words: ['mqtt://broker'],
  },
  {
    what: 'a topic that looks like a URL of others',
    given: said({}, ['http://a/b']),
    flags: {},
    words: ['http://a/b'],
  },
  {
    what: 'a host with a port in the environment',
    given: said({}, [], { host: 'broker:1884' }),
    flags: { host: 'broker', port: '1884' },
  },
]

describe('a target is taken where its meaning is plain', () => {
  for (const { what, given, flags, words = [] } of plain) {
    test(what, () => {
      const placed = withPlainTarget(given)

      assert.deepEqual(placed.flags, flags)
      assert.deepEqual(placed.words, words)
    })
  }

  test('what came from a typed host counts as typed', () => {
    assert.deepEqual([...withPlainTarget(said({ host: 'broker:1884' })).typed].sort(), ['host', 'port'])
    assert.deepEqual([...withPlainTarget(said({ host: 'mqtt://broker' })).typed], ['url'])
  })

  test('two ports are an error', () => {
    assert.throws(
      () => withPlainTarget(said({ host: 'broker:1884', port: '1885' })),
      (error) => error instanceof MqttCliError && error.kind === 'usage',
    )
  })
})
