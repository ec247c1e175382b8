import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printed, refused } from '../../values/refused.ts'
import { proxy } from '../typed.ts'

const place = '--listen 1884 --to mqtt://broker'
const serverTls = { certFile: 'c', keyFile: 'k' }

describe('inspect proxy reads', () => {
  test('where to listen and where to go', () => {
    const { listeners, upstream, connectDeadlineMs } = proxy(`${place} --listen ws://0.0.0.0:9001`).proxy

    assert.deepEqual(listeners, [
      { host: '127.0.0.1', port: 1884, isWebSocket: false },
      { host: '0.0.0.0', port: 9001, isWebSocket: true },
    ])
    assert.deepEqual(upstream.target, { transport: 'tcp', host: 'broker', port: 1883 })
    assert.equal(connectDeadlineMs, 10_000)
  })

  test('which web pages may come to its WebSocket', () => {
    const { listeners } = proxy(`${place} --listen ws://9001 --ws-origin https://app.example/ --ws-origin null`).proxy

    assert.deepEqual(
      listeners.map(({ origins }) => origins),
      [undefined, ['https://app.example', 'null']],
    )
  })

  test('TLS for clients from a certificate, and plain where the scheme says so', () => {
    const line = `--listen 8883 --listen mqtt://1884 --listen wss://443 --to mqtt://b --cert c --key k`

    assert.deepEqual(
      proxy(line).proxy.listeners.map(({ port, isWebSocket, tls }) => [port, isWebSocket, tls]),
      [
        [8883, false, serverTls],
        [1884, false, undefined],
        [443, true, serverTls],
      ],
    )
  })

  test('every transport towards the broker', () => {
    const targets = ['mqtts://b', 'wss://b/x?y', 'ws://b', 'unix:///run/m.sock'].map(
      (url) => proxy(`--listen 0 --to ${url}`).proxy.upstream.target,
    )

    assert.deepEqual(targets, [
      { transport: 'tls', host: 'b', port: 8883 },
      { transport: 'wss', host: 'b', port: 443, path: '/x?y', headers: {} },
      { transport: 'ws', host: 'b', port: 80, path: '/mqtt', headers: {} },
      { transport: 'unix', path: '/run/m.sock' },
    ])
  })

  test('what makes the broker’s TLS trusted', () => {
    const { upstream } = proxy(
      '--listen 0 --to mqtts://b --cafile a --tls-sni n --to-cert tc --to-key tk --tls-alpn x,y',
    ).proxy

    const expected = { insecure: false, caFile: 'a', certFile: 'tc', keyFile: 'tk', serverName: 'n', alpn: ['x', 'y'] }
    assert.deepEqual(upstream.tls, expected)
  })

  test('faults of every kind, and a seed that is drawn and told where chance decides', () => {
    const faults = '--delay puback=1 --drop pubrec@10% --duplicate publish --close-after publish@2 --refuse server-busy'

    const { proxy: settings, notes } = proxy(`${place} ${faults}`)

    assert.deepEqual(
      settings.faults.map(({ effect }) => effect.fault),
      ['refuse', 'drop', 'duplicate', 'delay', 'close-after'],
    )
    assert.equal(settings.seed, 0x01234567)
    assert.deepEqual(notes, ['the faults of this run come again with --seed 19088743'])
    assert.deepEqual(proxy(`${place} ${faults} --seed 7`).notes, [])
    assert.equal(proxy(`${place} ${faults} --seed 7`).proxy.seed, 7)
  })

  const views: ReadonlyArray<readonly [line: string, view: string, isBlind: boolean, givesSummary: boolean]> = [
    ['', 'line', false, true],
    ['--view hex', 'hex', false, true],
    ['--view none', 'none', false, true],
    ['--json', 'json', false, true],
    ['--json --quiet', 'json', false, true],
    ['--view tree --quiet', 'tree', false, true],
    ['--quiet', 'none', true, false],
    ['--view none --quiet', 'none', true, false],
    ['--quiet --drop puback', 'none', false, false],
    ['--quiet --write x.pcapng', 'none', false, false],
  ]
  for (const [line, view, isBlind, givesSummary] of views) {
    test(`how to show it: '${line}'`, () => {
      const settings = proxy(`${place} ${line}`)

      assert.deepEqual(
        [settings.view, settings.proxy.isBlind, settings.proxy.givesSummary],
        [view, isBlind, givesSummary],
      )
    })
  }

  test('variables of its own, and not those that say where a client’s broker is', () => {
    const environment = { MQTT_CLI_PROXY_LISTEN: '1884', MQTT_CLI_PROXY_TO: 'mqtt://b', MQTT_CLI_CERT: 'c' }

    const { listeners, upstream } = proxy('', environment).proxy

    assert.deepEqual(listeners, [{ host: '127.0.0.1', port: 1884, isWebSocket: false }])
    assert.deepEqual(upstream.target, { transport: 'tcp', host: 'b', port: 1883 })
  })

  test('a capture, with secrets only when asked', () => {
    assert.deepEqual(proxy(`${place} --write x`).proxy.capture, { path: 'x', showSecrets: false })
    assert.deepEqual(proxy(`${place} --write x --show-secrets`).proxy.capture, { path: 'x', showSecrets: true })
  })
})

describe('inspect proxy refuses', () => {
  const cases: ReadonlyArray<readonly [line: string, RegExp]> = [
    ['--to mqtt://b', /--listen is missing/],
    ['--listen 1', /--to is missing/],
    [`${place} word`, /takes no words/],
    ['--listen 1 --to mqtt://u:secret@b', /login/],
    ['--listen 1 --to mqtt://b/topic', /topic/],
    ['--listen mqtts://1 --to mqtt://b', /--cert and --key/],
    ['--listen 1 --tls --to mqtt://b', /--cert and --key/],
    [`${place} --cert c`, /--cert and --key/],
    [`${place} --cafile a`, /--cafile needs TLS/],
    [`${place} --insecure`, /--insecure needs TLS/],
    [`${place} --ws-header a:b`, /WebSocket only/],
    ['--listen 1 --to mqtts://b --to-cert c', /--to-cert and --to-key/],
    [`${place} --json --view hex`, /--json is for programs/],
    [`${place} --json --view none`, /--json is for programs/],
    [`${place} --view map`, /not a view/],
    [`${place} --seed x`, /--seed/],
  ]
  for (const [line, expected] of cases) {
    test(`'${line}'`, () => {
      const text = printed(refused(() => proxy(line)))

      assert.match(text, expected)
      assert.doesNotMatch(text, /secret/)
    })
  }
})

test('a proxy that others reach is noted, one for this machine alone is not', () => {
  const to = '--to mqtt://localhost'

  assert.match(proxy(`--listen 0.0.0.0:1884 ${to}`).notes.join(), /0\.0\.0\.0 port 1884/)
  assert.match(proxy(`--listen 1884 --listen [::]:1885 ${to}`).notes.join(), /:: port 1885/)
  assert.deepEqual(proxy(`--listen 1884 --listen [::1]:1885 ${to}`).notes, [])
})
