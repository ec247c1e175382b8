import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { WebSocketServer } from 'ws'
import type { Target, TlsSettings } from '../../../src/connection/settings.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { listen } from '../../support/network/free-port.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import {
  type ScriptedBroker,
  type ScriptedBrokerOptions,
  startScriptedBroker,
} from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'
import { Collected, patientDeadline, stalled, transportSettings } from '../../support/transports/transport-harness.ts'

const certificates = writeCertificates(temporaryFolder())

type WebSocketTarget = Extract<Target, { transport: 'ws' | 'wss' }>

function open(port: number, target: Partial<WebSocketTarget> = {}, tls: Partial<TlsSettings> = {}) {
  const whole = { transport: 'ws', host: '127.0.0.1', port, path: '/mqtt', headers: {}, ...target } as const
  return openTransport(transportSettings(whole, tls), patientDeadline())
}

async function failure(port: number, target: Partial<WebSocketTarget> = {}): Promise<MqttCliError> {
  try {
    const { transport } = await open(port, target)
    transport.destroy()
  } catch (error) {
    if (error instanceof MqttCliError) return error
    throw error
  }
  throw new Error('it connected')
}

async function startBroker(
  t: TestContext,
  script: Step[],
  options: ScriptedBrokerOptions = {},
): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker([script], { websocket: 'mqtt', ...options })
  t.after(broker.close)
  return broker
}

test('carries bytes both ways, whole, and says how long the upgrade took', async (t) => {
  const large = Buffer.alloc(1_000_000, 'abcdefg')
  const broker = await startBroker(t, [{ send: large }])
  const { transport, timings } = await open(broker.port)
  const collected = new Collected(transport)

  transport.write(large)
  await collected.until(({ byteCount }) => byteCount === large.length)
  const received = await (await broker.connection(0)).whenReceived(large.length)

  assert.deepEqual(collected.bytes, large)
  assert.deepEqual(received, large)
  assert.ok((timings.tcpMicroseconds ?? 0) <= (timings.websocketMicroseconds ?? -1))
  transport.destroy()
})

test('works over TLS, verified', async (t) => {
  const broker = await startBroker(t, [{ expect: 'pingreq' }, { send: 'd000' }], { tls: certificates.issued.server })
  const { transport } = await open(
    broker.port,
    { transport: 'wss', host: 'localhost' },
    { caFile: certificates.caFile },
  )
  const collected = new Collected(transport)

  transport.write(Buffer.from('c000', 'hex'))
  await collected.until(({ byteCount }) => byteCount === 2)

  assert.equal(collected.bytes.toString('hex'), 'd000')
  transport.destroy()
})

test('an unknown authority is refused over WebSocket too', async (t) => {
  const broker = await startBroker(t, [], { tls: certificates.issued.unknownAuthority })

  const error = await failure(broker.port, { transport: 'wss', host: 'localhost' })

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'TLS')
})

test('fault 41: a packet split over frames is accepted [MQTT-6.0.0-2]', async (t) => {
  const broker = await startBroker(t, [{ send: '30' }, { send: '05 0001 61' }, { send: '68 69' }])
  const collected = new Collected((await open(broker.port)).transport)

  await collected.until(({ byteCount }) => byteCount === 7)

  assert.equal(collected.bytes.toString('hex'), '30050001616869')
})

test('fault 41: several packets in one frame are accepted [MQTT-6.0.0-2]', async (t) => {
  const broker = await startBroker(t, [{ send: 'd000 d000 4002 0007' }])
  const collected = new Collected((await open(broker.port)).transport)

  await collected.until(({ byteCount }) => byteCount === 8)

  assert.equal(collected.bytes.toString('hex'), 'd000d00040020007')
})

test('fault 41: a text frame closes, and nothing behind it is delivered [MQTT-6.0.0-1]', async (t) => {
  const broker = await startBroker(t, [{ send: 'd000' }, { sendText: 'hello' }, { send: 'd000' }])
  const collected = new Collected((await open(broker.port)).transport)

  const cause = await collected.closed()

  assert.equal(cause?.kind, 'protocol')
  assert.equal(cause?.details.layer, 'WebSocket')
  assert.equal(cause?.details.statement, '[MQTT-6.0.0-1]')
  assert.equal(collected.bytes.toString('hex'), 'd000')
  assert.equal(collected.closes.length, 1)
})

test('fault 41: offers "mqtt" alone, and no compression [MQTT-6.0.0-3]', async (t) => {
  const { port, request } = await serveUpgrades(t)

  const { transport } = await open(port, { path: '/mqtt?token=t', headers: { 'X-Tenant': 'blue' } })
  const { url, headers } = await request

  assert.equal(headers['sec-websocket-protocol'], 'mqtt')
  assert.equal(headers['sec-websocket-extensions'], undefined)
  assert.equal(headers['x-tenant'], 'blue')
  assert.equal(url, '/mqtt?token=t')
  assert.equal(transport.description, `ws://127.0.0.1:${port}/mqtt?…`)
  transport.destroy()
})

for (const subprotocol of ['mqttv3.1', null]) {
  test(`fault 41: a server that chooses ${subprotocol ?? 'no subprotocol'} fails [MQTT-6.0.0-4]`, async (t) => {
    // ws itself would not: the answer is written by hand.
    const port = await serveAnswer(t, (key) => upgradeAnswer(key, subprotocol))

    const error = await failure(port)

    assert.equal(error.kind, 'unreachable')
    assert.equal(error.details.layer, 'WebSocket')
    assert.equal(error.details.facts?.subprotocol, subprotocol)
  })
}

for (const [status, text] of [
  [401, 'Unauthorized'],
  [404, 'Not Found'],
  [302, 'Found'],
  [200, 'OK'],
] as const) {
  test(`an answer of HTTP ${status} is unreachable, and the status is shown`, async (t) => {
    const port = await serveAnswer(t, () => `HTTP/1.1 ${status} ${text}\r\nContent-Length: 0\r\nLocation: /x\r\n\r\n`)

    const error = await failure(port, { path: '/mqtt?token=canary-81c2' })

    assert.equal(error.kind, 'unreachable')
    assert.equal(error.details.facts?.status, status)
    assert.match(error.message, new RegExp(`HTTP ${status} ${text}`))
    assert.ok(error.details.tries?.length)
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /canary/)
  })
}

test('an answer that is not HTTP is unreachable', async (t) => {
  const port = await serveAnswer(t, () => Buffer.from('20020001', 'hex'))

  const error = await failure(port)

  assert.equal(error.kind, 'unreachable')
  assert.match(error.message, /does not speak HTTP/)
})

test('no answer but a close is unreachable', async (t) => {
  const port = await serveAnswer(t, () => undefined)

  const error = await failure(port)

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'WebSocket')
})

test('a wrong accept key is unreachable', async (t) => {
  const port = await serveAnswer(t, () => upgradeAnswer('another key', 'mqtt'))

  const error = await failure(port)

  assert.equal(error.kind, 'unreachable')
})

test('a header that cannot be sent is a usage error', async (t) => {
  const broker = await startBroker(t, [])

  const error = await failure(broker.port, { headers: { 'X-Bad': 'a\r\nb' } })

  assert.equal(error.kind, 'usage')
})

test('fault 8: the deadline ends an upgrade that gets no answer', async (t) => {
  const server = createServer((socket) => socket.on('error', () => {}))
  t.after(() => server.close())
  const deadline = new AbortController()
  const reason = new MqttCliError('unreachable', 'no time left')
  const target = { transport: 'ws', host: '127.0.0.1', port: await listen(server), path: '/', headers: {} } as const

  const opening = openTransport(transportSettings(target), deadline.signal)
  const [silent] = (await once(server, 'connection')) as [Socket]
  silent.once('data', () => deadline.abort(reason))

  await assert.rejects(opening, (error) => error === reason)
})

test('what comes with the answer to the upgrade is not lost', async (t) => {
  const frame = Buffer.from('8202d000', 'hex') // FIN and binary, two bytes: PINGRESP
  const port = await serveAnswer(t, (key) => Buffer.concat([Buffer.from(upgradeAnswer(key, 'mqtt')), frame]))
  const { transport } = await open(port)
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

  const collected = new Collected(transport)
  await collected.until(({ byteCount }) => byteCount === 2)

  assert.equal(collected.bytes.toString('hex'), 'd000')
  transport.destroy()
})

test('small writes of one turn travel in one frame', async (t) => {
  const { port, frames } = await serveUpgrades(t)
  const { transport } = await open(port)
  let written = 0

  for (const byte of ['c0', '00', 'c000']) transport.write(Buffer.from(byte, 'hex'), () => (written += 1))
  transport.end()
  await new Collected(transport).closed()

  assert.deepEqual(frames, ['c000c000'])
  assert.equal(written, 3)
})

test('end() closes by the closing handshake, without a cause', async (t) => {
  const broker = await startBroker(t, [{ expect: 'disconnect' }])
  const { transport } = await open(broker.port)
  const collected = new Collected(transport)

  transport.write(Buffer.from('e000', 'hex'))
  transport.end()

  assert.equal(await collected.closed(), undefined)
  assert.equal(broker.received(0).toString('hex'), 'e000')
  assert.equal(collected.closes.length, 1)
})

test('an ordinary close by the server has no cause', async (t) => {
  const broker = await startBroker(t, [{ send: 'd000' }, { close: 'fin' }])
  const collected = new Collected((await open(broker.port)).transport)

  assert.equal(await collected.closed(), undefined)
  assert.equal(collected.bytes.toString('hex'), 'd000')
})

test('a server that hangs up without the closing handshake has no cause either', async (t) => {
  const broker = await startBroker(t, [{ run: ({ wire }) => void wire.socket.end() }])
  const collected = new Collected((await open(broker.port)).transport)

  assert.equal(await collected.closed(), undefined)
})

for (const transport of ['ws', 'wss'] as const) {
  test(`over ${transport}, a server that hangs up before anybody listens: who listens then is told`, async (t) => {
    const tls = transport === 'wss' ? { tls: certificates.issued.server } : {}
    const broker = await startBroker(t, [{ run: ({ wire }) => void wire.socket.end() }], tls)
    const opened = await open(broker.port, { transport, host: 'localhost' }, { caFile: certificates.caFile })
    while (opened.transport.write(Buffer.from('c000', 'hex'))) await new Promise(setImmediate)

    const collected = new Collected(opened.transport)

    assert.equal(await collected.closed(), undefined)
    assert.equal(collected.closes.length, 1)
  })
}

test('a reset is a lost connection', async (t) => {
  const broker = await startBroker(t, [])
  const { transport } = await open(broker.port)
  const collected = new Collected(transport)

  ;(await broker.connection(0)).wire.rst()
  const cause = await collected.closed()

  assert.equal(cause?.kind, 'lost')
  assert.equal(collected.closes.length, 1)
})

test('frames that break RFC 6455 are a broken protocol', async (t) => {
  const broker = await startBroker(t, [{ run: ({ wire }) => void wire.socket.write(Buffer.from('f20100', 'hex')) }])
  const collected = new Collected((await open(broker.port)).transport)

  const cause = await collected.closed()

  assert.equal(cause?.kind, 'protocol')
})

test('pause() stops the server, resume() loses nothing', async (t) => {
  const large = Buffer.alloc(32_000_000, 'x')
  const broker = await startBroker(t, [{ send: large.subarray(0, 1000) }])
  const { transport } = await open(broker.port)
  const collected = new Collected(transport)
  await collected.until(({ byteCount }) => byteCount === 1000)
  transport.pause()
  const { wire } = await broker.connection(0)

  for (let start = 1000; start < large.length; start += 65_536) wire.send(large.subarray(start, start + 65_536))
  await stalled(wire.socket)
  const whilePaused = collected.byteCount
  transport.resume()
  await collected.until(({ byteCount }) => byteCount === large.length)

  assert.ok(whilePaused <= 1000 + 2 * 65_536, `${whilePaused} bytes came while paused`)
  assert.deepEqual(collected.bytes, large)
  transport.destroy()
})

test('who pauses in the middle of a large frame gets the rest of it, and what is behind, after resume()', async (t) => {
  const large = Buffer.alloc(4_000_000, 'abcdefg')
  const broker = await startBroker(t, [{ send: large }, { send: 'd000' }, { close: 'fin' }])
  const { transport } = await open(broker.port)
  const collected = new Collected(transport)
  const collect = transport.onBytes
  transport.onBytes = (bytes) => {
    if (collected.byteCount === 0) transport.pause()
    collect(bytes)
  }

  await collected.until(({ byteCount }) => byteCount > 0)
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  const whilePaused = collected.byteCount
  transport.resume()
  await collected.closed()

  assert.ok(whilePaused <= 300_000, `${whilePaused} bytes came while paused`)
  assert.deepEqual(collected.bytes, Buffer.concat([large, Buffer.from('d000', 'hex')]))
})

test('says stop when the server does not read, and drains when it does', async (t) => {
  const broker = await startBroker(t, [{ run: ({ wire }) => void wire.socket.pause() }])
  const { transport } = await open(broker.port)
  const { wire, whenReceived } = await broker
    .connection(0)
    .then((one) => ({ wire: one.wire, whenReceived: one.whenReceived.bind(one) }))
  const drained = new Promise<void>((resolve) => {
    transport.onDrain = resolve
  })

  let writes = 1
  while (transport.write(Buffer.alloc(65_536))) writes += 1
  const waiting = transport.writableLength
  wire.socket.resume()
  await drained
  await whenReceived(writes * 65_536)

  assert.ok(waiting > 0 && waiting <= 3 * 65_536, `${waiting} bytes wait`)
  transport.destroy()
})

test('destroy() closes once, also while paused', async (t) => {
  const broker = await startBroker(t, [{ send: Buffer.alloc(100_000) }])
  const { transport } = await open(broker.port)
  transport.pause()
  const collected = new Collected(transport)

  transport.destroy()

  assert.equal(await collected.closed(), undefined)
  assert.equal(collected.closes.length, 1)
})

interface Upgrades {
  readonly port: number
  readonly request: Promise<import('node:http').IncomingMessage>
  readonly frames: readonly string[]
}

/** A real WebSocket server that tells what was asked of it, and each frame as one piece. */
async function serveUpgrades(t: TestContext): Promise<Upgrades> {
  const http = createHttpServer()
  const server = new WebSocketServer({ server: http })
  const frames: string[] = []
  const request = once(server, 'connection').then(([websocket, upgrade]) => {
    websocket.on('message', (bytes: Buffer) => frames.push(bytes.toString('hex')))
    return upgrade
  })
  t.after(() => {
    for (const client of server.clients) client.terminate()
    http.close()
  })
  return { port: await listen(http), request, frames }
}

/** Answers the first bytes with these, written by hand; `undefined` hangs up. */
async function serveAnswer(t: TestContext, answer: (key: string) => string | Buffer | undefined): Promise<number> {
  const server = createServer((socket) => {
    t.after(() => socket.destroy())
    socket.on('error', () => {})
    socket.once('data', (request: Buffer) => {
      const key = /sec-websocket-key: (.*)\r\n/i.exec(request.toString())?.[1] ?? ''
      const bytes = answer(key)
      if (bytes === undefined) socket.end()
      else socket.write(bytes)
    })
  })
  t.after(() => server.close())
  return listen(server)
}

function upgradeAnswer(key: string, subprotocol: string | null): string {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const chosen = subprotocol === null ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
  return `${upgrade}Sec-WebSocket-Accept: ${accept}\r\n${chosen}\r\n`
}
