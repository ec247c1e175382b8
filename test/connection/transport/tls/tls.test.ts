import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { TlsSettings } from '../../../../src/connection/settings.ts'
import { openTransport } from '../../../../src/connection/transport/open-transport.ts'
import { MqttCliError } from '../../../../src/errors.ts'
import { mosquittoMissing, startMosquitto } from '../../../support/brokers/mosquitto.ts'
import { freePort, listen } from '../../../support/network/free-port.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'
import { worded } from '../../../support/program/worded.ts'
import { type CertificateName, issue, revoke, writeCertificates } from '../../../support/transports/certificates.ts'
import { Collected, patientDeadline, transportSettings } from '../../../support/transports/transport-harness.ts'

const folder = temporaryFolder()
const certificates = writeCertificates(folder)
const trusting = { caFile: certificates.caFile }
const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

interface TlsServer {
  readonly port: number
  readonly accepted: Promise<TLSSocket>
}

async function serve(name: CertificateName, options: TlsOptions = {}): Promise<TlsServer> {
  const server = createServer({ ...certificates.issued[name], ...options })
  servers.push(server)
  server.on('tlsClientError', () => {})
  const accepted = once(server, 'secureConnection').then(([socket]) => (socket as TLSSocket).on('error', () => {}))
  accepted.catch(() => {})
  return { port: await listen(server), accepted }
}

function open(port: number, tls: Partial<TlsSettings>, host = 'localhost', deadline = patientDeadline()) {
  return openTransport(transportSettings({ transport: 'tls', host, port }, tls), deadline)
}

async function failure(port: number, tls: Partial<TlsSettings> = trusting, host = 'localhost'): Promise<MqttCliError> {
  try {
    const { transport } = await open(port, tls, host)
    transport.destroy()
  } catch (error) {
    if (error instanceof MqttCliError) return error
    throw error
  }
  throw new Error('it connected')
}

test('carries bytes both ways, whole, and says how long each step took', async () => {
  const { port, accepted } = await serve('server')
  const { transport, timings } = await open(port, trusting)
  const collected = new Collected(transport)
  const peer = await accepted
  const large = Buffer.alloc(1_000_000, 'abcdefg')

  peer.write(large)
  transport.write(Buffer.from('hello'))
  const [received] = (await once(peer, 'data')) as [Buffer]
  await collected.until(({ byteCount }) => byteCount === large.length)

  assert.equal(received.toString(), 'hello')
  assert.deepEqual(collected.bytes, large)
  const { dnsMicroseconds = -1, tcpMicroseconds = -1, tlsMicroseconds = -1 } = timings
  assert.ok(0 <= dnsMicroseconds && dnsMicroseconds <= tcpMicroseconds && tcpMicroseconds <= tlsMicroseconds)
  peer.end()
  assert.equal(await collected.closed(), undefined)
})

test('end() sends what was written before it closes', async () => {
  const { port, accepted } = await serve('server')
  const { transport } = await open(port, trusting)
  const collected = new Collected(transport)
  const peer = await accepted
  const chunks: Buffer[] = []
  peer.on('data', (chunk) => chunks.push(chunk))

  transport.write(Buffer.from('last words'))
  transport.end()
  await once(peer, 'end')

  assert.equal(Buffer.concat(chunks).toString(), 'last words')
  assert.equal(await collected.closed(), undefined)
})

test('a server that speaks before anybody listens, record after record, loses nothing', async () => {
  const { port, accepted } = await serve('server')
  const opening = open(port, trusting)
  const peer = await accepted
  const lines = Array.from({ length: 2000 }, (_, number) => `line ${number}\n`)
  for (const line of lines) peer.write(line)
  peer.end()
  const { transport } = await opening
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

  const collected = new Collected(transport)
  await collected.closed()

  assert.equal(collected.bytes.toString(), lines.join(''))
})

test('records of every size come whole and in order, many in one chunk', async () => {
  const { port, accepted } = await serve('server')
  const { transport } = await open(port, trusting)
  let chunks = 0
  const received: Buffer[] = []
  transport.onBytes = (bytes) => {
    chunks++
    received.push(Buffer.from(bytes))
  }
  const closed = new Promise((resolve) => {
    transport.onClose = resolve
  })
  const peer = await accepted
  const records = Array.from({ length: 500 }, (_, number) => Buffer.alloc(1 + ((number * 37) % 150), number))
  records.push(...[8191, 8192, 16_384, 3].map((length) => Buffer.alloc(length, length)))

  transport.pause()
  for (const record of records) await new Promise((written) => peer.write(record, written)) // a record each
  peer.end()
  transport.resume()
  await closed

  assert.deepEqual(Buffer.concat(received), Buffer.concat(records))
  assert.ok(chunks < records.length / 4, `${chunks} chunks`)
})

interface Rejection {
  readonly name: CertificateName
  readonly codes: readonly string[]
}

const REJECTIONS: readonly Rejection[] = [
  { name: 'expired', codes: ['CERT_HAS_EXPIRED'] },
  { name: 'notYetValid', codes: ['CERT_NOT_YET_VALID'] },
  { name: 'wrongHost', codes: ['ERR_TLS_CERT_ALTNAME_INVALID'] },
  { name: 'unknownAuthority', codes: ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'] },
]

for (const { name, codes } of REJECTIONS) {
  test(`fault 33: a server certificate that is ${name} is unreachable, with the subject and the dates`, async () => {
    const { port } = await serve(name)

    const error = await failure(port)

    assert.equal(error.kind, 'unreachable')
    assert.equal(error.details.layer, 'TLS')
    assert.ok(codes.includes(String(error.details.facts?.code)), String(error.details.facts?.code))
    assert.match(error.message, name === 'wrongHost' ? /CN=elsewhere\.test/ : /CN=localhost/)
    assert.match(error.message, /valid from .* GMT to .* GMT/)
    assert.ok(error.details.causes?.length)
    assert.ok(error.details.tries?.length)
  })

  test(`a server certificate that is ${name} is taken with --insecure`, async () => {
    const { port } = await serve(name)

    const { transport } = await open(port, { ...trusting, insecure: true })

    transport.destroy()
  })
}

test('fault 33: nobody is trusted unasked who signs for himself', async () => {
  const { port } = await serve('server')

  const error = await failure(port, {})

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'TLS')
})

test('fault 33: a client certificate that is missing is unreachable, although TLS 1.3 says so after the handshake', async () => {
  const { port } = await serve('server', { requestCert: true, ca: certificates.ca.cert })

  const { transport } = await open(port, { ...trusting, version: '1.3' })
  const cause = await new Collected(transport).closed()

  assert.equal(cause?.kind, 'unreachable')
  assert.equal(cause?.details.layer, 'TLS')
  assert.match(cause?.message ?? '', /demands a client certificate/)
})

test('fault 33: a client certificate that is missing is unreachable at TLS 1.2', async () => {
  const { port } = await serve('server', { requestCert: true, ca: certificates.ca.cert })

  const error = await failure(port, { ...trusting, version: '1.2' })

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'TLS')
})

const needsMosquitto = mosquittoMissing()

test('fault 33: a client certificate that was revoked is unreachable, and named as revoked', {
  skip: needsMosquitto,
}, async () => {
  const error = await refusedByMosquitto('client')

  assert.equal(error?.kind, 'unreachable')
  assert.match(error?.message ?? '', /revoked/)
})

test('fault 33: a client certificate of an authority that the broker does not know is unreachable', {
  skip: needsMosquitto,
}, async () => {
  const error = await refusedByMosquitto('strangeClient')

  assert.equal(error?.kind, 'unreachable')
  assert.match(error?.message ?? '', /authority/)
})

/** mosquitto verifies inside the handshake and says why it refuses; node's own server hangs up without a word. */
async function refusedByMosquitto(name: CertificateName): Promise<MqttCliError | undefined> {
  const crlFile = join(folder, 'revoked.pem')
  writeFileSync(crlFile, revoke(certificates.ca, [certificates.issued.client]))
  const mosquitto = await startMosquitto({
    config: [
      `cafile ${certificates.caFile}`,
      `certfile ${certificates.certFile('server')}`,
      `keyfile ${certificates.keyFile('server')}`,
      `crlfile ${crlFile}`,
      'require_certificate true',
    ].join('\n'),
  })
  const identity = { certFile: certificates.certFile(name), keyFile: certificates.keyFile(name) }
  const { transport } = await open(mosquitto.port, { ...trusting, ...identity })
  const cause = await new Collected(transport).closed()
  await mosquitto.stop()
  return cause
}

test('fault 33: TLS to a plain port that answers in MQTT is unreachable, and named', async () => {
  const port = await servePlain((socket) => socket.once('data', () => socket.write(Buffer.from('2003000000', 'hex'))))

  const error = await failure(port)

  assert.equal(error.kind, 'unreachable')
  assert.match(error.message, /does not speak TLS/)
})

test('fault 33: TLS to a plain port that hangs up is unreachable, and plain MQTT is a likely cause', async () => {
  const port = await servePlain((socket) => socket.once('data', () => socket.destroy()))

  const error = await failure(port)

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'TLS')
  assert.match(worded(error).details.causes[0] ?? '', /plain MQTT/)
})

// OpenSSL sends an alert to some plain bytes and hangs up on others, these among them: then no byte is all there is.
test('fault 33: plain MQTT to a TLS port is closed without a byte', async () => {
  const { port } = await serve('server')
  const target = { transport: 'tcp', host: '127.0.0.1', port } as const
  const { transport } = await openTransport(transportSettings(target), patientDeadline())
  const collected = new Collected(transport)

  transport.write(Buffer.from('101000044d5154540402003c000461626364', 'hex'))
  await collected.closed()

  assert.equal(collected.byteCount, 0)
})

test('a client certificate and an encrypted key reach the server', async () => {
  const { port, accepted } = await serve('server', { requestCert: true, ca: certificates.ca.cert })
  const keyFile = join(folder, 'encrypted.key')
  const key = createPrivateKey(certificates.issued.client.key)
  writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }))
  const identity = { certFile: certificates.certFile('client'), keyFile, keyPassphrase: 'open sesame' }

  const { transport } = await open(port, { ...trusting, ...identity })
  const peer = await accepted

  assert.equal(peer.getPeerCertificate().subject.CN, 'a client')
  transport.destroy()
})

test('a folder of authorities is trusted like a file', async () => {
  const { port } = await serve('server')
  const caPath = join(folder, 'authorities')
  mkdirSync(caPath)
  writeFileSync(join(caPath, '5ed36f99.0'), certificates.ca.cert)
  writeFileSync(join(caPath, 'README'), 'not a certificate')
  writeFileSync(join(caPath, 'indented.pem'), certificates.ca.cert.replaceAll(/^/gm, ' '))
  mkdirSync(join(caPath, 'folder'))

  const { transport } = await open(port, { caPath })

  transport.destroy()
})

test('the host name is sent as server name, an IP address never is', async () => {
  const byName = await serve('server')
  const byAddress = await serve('server')

  const opened = [await open(byName.port, trusting), await open(byAddress.port, trusting, '127.0.0.1')]

  assert.equal((await byName.accepted).servername, 'localhost')
  assert.equal((await byAddress.accepted).servername, false)
  for (const { transport } of opened) transport.destroy()
})

test('--tls-sni is what is sent and what is verified', async () => {
  const { port, accepted } = await serve('wrongHost')

  const { transport } = await open(port, { ...trusting, serverName: 'elsewhere.test' })

  assert.equal((await accepted).servername, 'elsewhere.test')
  transport.destroy()
})

test('--tls-alpn is offered, and what the server does not know is unreachable', async () => {
  const knows = await serve('server', { ALPNProtocols: ['mqtt'] })
  const other = await serve('server', { ALPNProtocols: ['h2'] })

  const { transport } = await open(knows.port, { ...trusting, alpn: ['mqtt'] })
  const error = await failure(other.port, { ...trusting, alpn: ['mqtt'] })

  assert.equal((await knows.accepted).alpnProtocol, 'mqtt')
  assert.match(error.message, /application protocols/)
  transport.destroy()
})

test('--tls-version is exactly this version', async () => {
  const both = await serve('server')
  const only13 = await serve('server', { minVersion: 'TLSv1.3' })

  const { transport } = await open(both.port, { ...trusting, version: '1.2' })
  const error = await failure(only13.port, { ...trusting, version: '1.2' })

  assert.equal((await both.accepted).getProtocol(), 'TLSv1.2')
  assert.equal(error.kind, 'unreachable')
  assert.match(error.message, /version of TLS/)
  transport.destroy()
})

test('fault 33: a refused certificate is shown with the names that it is for', async () => {
  const names = await failure((await serve('wrongHost')).port)
  const several = await failure((await serve('expired')).port)

  assert.match(names.message, /DNS:elsewhere\.test/)
  assert.match(several.message, /DNS:localhost, IP Address:127\.0\.0\.1/)
})

test('fault 33: the application protocol is shown where one was offered', async () => {
  const agreed = await serve('expired', { ALPNProtocols: ['mqtt'] })
  const silent = await serve('expired')
  const other = await serve('server', { ALPNProtocols: ['h2'] })
  const offering = { ...trusting, alpn: ['x', 'mqtt'] }

  assert.match((await failure(agreed.port, offering)).message, /ALPN mqtt/)
  assert.match((await failure(silent.port, offering)).message, /no ALPN agreed/)
  assert.match((await failure(other.port, offering)).message, /offered x, mqtt/)
  assert.doesNotMatch((await failure(silent.port)).message, /ALPN/)
})

test('an open connection is called by the application protocol as well, where one was offered', async () => {
  const { port } = await serve('server', { ALPNProtocols: ['mqtt'] })

  const { transport } = await open(port, { ...trusting, alpn: ['mqtt'] })

  assert.match(transport.description, /ALPN mqtt/)
  transport.destroy()
})

const OLD_VERSIONS = [
  ['1.1', 'TLSv1.1'],
  ['1.0', 'TLSv1'],
] as const

for (const [version, name] of OLD_VERSIONS) {
  test(`fault 33: a server that speaks only TLS ${version} is told so, and what allows it`, async () => {
    const old = { minVersion: name, maxVersion: name, ciphers: 'ALL@SECLEVEL=0' } as const
    const { port } = await serve('server', old)

    const error = await failure(port)
    const { transport } = await open(port, { ...trusting, version, ciphers: 'DEFAULT@SECLEVEL=0' })

    assert.equal(error.kind, 'unreachable')
    assert.match(error.message, new RegExp(`it speaks ${name.replace('.', '\\.')}$`))
    assert.match(
      worded(error).details.tries.join(),
      new RegExp(`--tls-version ${version} --ciphers DEFAULT@SECLEVEL=0`),
    )
    transport.destroy()
  })
}

test('fault 33: a server that speaks only TLS 1.3 is told so to who asked for 1.2', async () => {
  const { port } = await serve('server', { minVersion: 'TLSv1.3' })

  const error = await failure(port, { ...trusting, version: '1.2' })

  assert.match(error.message, /it speaks TLSv1\.3/)
  assert.deepEqual(worded(error).details.tries, ['leave --tls-version out'])
})

test('fault 33: TLS 1.1 without the ciphers that it needs says which', async () => {
  const { port } = await serve('server', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })

  const error = await failure(port, { ...trusting, version: '1.1' })

  assert.match(worded(error).details.tries.join(), /--ciphers DEFAULT@SECLEVEL=0/)
})

const WEAK = [
  ['signed with SHA-1', { digest: 'sha1' }, {}, /it is signed with SHA-1/],
  ['with a key of 1,024 bits', { rsaBits: 1024 }, { ciphers: 'DEFAULT@SECLEVEL=2' }, /its key has only 1024 bits/],
] as const

for (const [what, weakness, tls, cause] of WEAK) {
  test(`fault 33: a server certificate ${what} is too weak, and what takes it all the same is said`, async () => {
    const weak = issue(certificates.ca, { commonName: 'localhost', names: ['localhost'], ...weakness })
    const { port } = await serve('server', { ...weak, ciphers: 'DEFAULT@SECLEVEL=0' })

    const error = await failure(port, { ...trusting, ...tls })
    const { transport } = await open(port, { ...trusting, ciphers: 'DEFAULT@SECLEVEL=0' })

    assert.equal(error.kind, 'unreachable')
    assert.match(error.message, /too weak/)
    assert.match(error.details.causes?.join() ?? '', cause)
    assert.match(worded(error).details.tries.join(), /--ciphers DEFAULT@SECLEVEL=0/)
    transport.destroy()
  })
}

const BAD_FILES: readonly [what: string, tls: () => Partial<TlsSettings>, kind: string][] = [
  ['a CA file that is not there', () => ({ caFile: join(folder, 'nowhere.pem') }), 'local-io'],
  ['a CA file without a certificate', () => ({ caFile: certificates.keyFile('server') }), 'local-io'],
  ['a CA folder that is not there', () => ({ caPath: join(folder, 'nowhere') }), 'local-io'],
  [
    'a key of another certificate',
    () => ({ certFile: certificates.certFile('client'), keyFile: certificates.keyFile('server') }),
    'local-io',
  ],
  ['ciphers that do not exist', () => ({ ciphers: 'NO-SUCH-CIPHER' }), 'usage'],
  ['a server name that is an IP address', () => ({ serverName: '127.0.0.1' }), 'usage'],
]

for (const [what, tls, kind] of BAD_FILES) {
  test(`${what} is said before anything is connected, as ${kind}`, async () => {
    const nobody = await freePort()

    const error = await failure(nobody, tls())

    assert.equal(error.kind, kind)
    assert.ok(error.details.tries?.length)
  })
}

test('a passphrase that is wrong is said, and never shown', async () => {
  const keyFile = join(folder, 'locked.key')
  const key = createPrivateKey(certificates.issued.client.key)
  writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' }))
  const identity = { certFile: certificates.certFile('client'), keyFile }

  for (const passphrase of [{ keyPassphrase: 'canary-7f3a' }, {}]) {
    const error = await failure(await freePort(), { ...identity, ...passphrase })

    assert.equal(error.kind, 'local-io')
    assert.match(worded(error).details.causes[0] ?? '', /passphrase/)
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /canary-7f3a/)
  }
})

test('the deadline ends a TLS handshake that gets no answer', async () => {
  const port = await servePlain(() => {})
  const deadline = new AbortController()
  const reason = new MqttCliError('unreachable', 'no time left')

  const opening = open(port, trusting, '127.0.0.1', deadline.signal)
  const [silent] = (await once(servers.at(-1) as Server, 'connection')) as [Socket]
  silent.once('data', () => deadline.abort(reason))

  await assert.rejects(opening, (error) => error === reason)
})

async function servePlain(greet: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    greet(socket)
  })
  servers.push(server)
  return listen(server)
}
