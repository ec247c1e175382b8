import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { after, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { type Listener, type ListenSettings, listen } from '../../../src/connection/transport/listen.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

const folder = temporaryFolder()
const certificates = writeCertificates(folder)
const opened: Listener[] = []

after(() => Promise.all(opened.map((listener) => listener.close())))

const serverTls = { certFile: certificates.certFile('server'), keyFile: certificates.keyFile('server') }

/** Answers everything with itself. */
async function echo(settings: Partial<ListenSettings> = {}): Promise<Listener> {
  const listener = await listen({ host: '127.0.0.1', port: 0, ...settings }, (stream: Duplex, remote) => {
    stream.on('error', () => {})
    stream.write(`${remote} `)
    stream.pipe(stream)
  })
  opened.push(listener)
  return listener
}

test('hands over a connection with where it comes from', async () => {
  const { port } = await echo()
  const socket = connect(port, '127.0.0.1')

  const [bytes] = (await once(socket, 'data')) as [Buffer]

  assert.equal(bytes.toString(), `127.0.0.1:${socket.localPort} `)
  socket.destroy()
})

test('speaks TLS with the certificate and key of the files', async () => {
  const { port } = await echo({ tls: serverTls })
  const socket = connectTls({ port, host: '127.0.0.1', ca: readFileSync(certificates.caFile) })

  const [bytes] = (await once(socket, 'data')) as [Buffer]

  assert.match(bytes.toString(), /^127\.0\.0\.1:/)
  assert.equal(socket.authorized, true)
  socket.destroy()
})

for (const [name, isLetIn] of [
  ['client', true],
  ['strangeClient', false],
  [undefined, false],
] as const) {
  test(`with a caFile ${isLetIn ? 'lets in' : 'keeps out'} ${name ?? 'a client without a certificate'}`, async () => {
    const { port } = await echo({ tls: { ...serverTls, caFile: certificates.caFile } })
    const own = name === undefined ? {} : { cert: certificates.issued[name].cert, key: certificates.issued[name].key }
    const socket = connectTls({ port, host: '127.0.0.1', ca: readFileSync(certificates.caFile), ...own })
    socket.on('error', () => {}) // a refusal may come as an alert or as a reset

    const got = await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true))
      socket.once('close', () => resolve(false))
    })

    assert.equal(got, isLetIn)
    socket.destroy()
  })
}

const failures: readonly (readonly [
  what: string,
  settings: () => Promise<Partial<ListenSettings>>,
  message: RegExp,
])[] = [
  [
    'a port that is taken',
    async () => ({ port: (await echo()).port }),
    /cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)/,
  ],
  ['an address that is not ours', async () => ({ host: '192.0.2.1' }), /EADDRNOTAVAIL/],
  ['a key that is not there', async () => ({ tls: { ...serverTls, keyFile: join(folder, 'none.key') } }), /none\.key/],
]
for (const [what, settings, message] of failures) {
  test(`${what} is a local failure that says so`, async () => {
    const wanted = await settings()

    await assert.rejects(echo(wanted), (error: unknown) => {
      assert.ok(error instanceof MqttCliError && error.kind === 'local-io')
      assert.match(error.message, message)
      assert.ok((error.details.tries ?? []).length > 0)
      return true
    })
  })
}
