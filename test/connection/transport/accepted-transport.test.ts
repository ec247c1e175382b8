import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectPlain, createServer as createPlainServer } from 'node:net'
import { test } from 'node:test'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { acceptedTransport } from '../../../src/connection/transport/accepted-transport.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { sliceBytes } from '../../../src/connection/transport/slicing-transport.ts'
import type { Transport } from '../../../src/connection/transport/transport.ts'
import { listen } from '../../support/network/free-port.ts'
import { withPatience } from '../../support/program/patience.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'
import { patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

const certificates = writeCertificates(temporaryFolder())
const megabyte = 1024 * 1024

/** Both ends of a connection over TLS, one of them a Transport of ours. */
interface Ends {
  readonly writer: Transport
  readonly reader: TLSSocket
}

const ways: Readonly<Record<string, (server: ReturnType<typeof createServer>, port: number) => Promise<Ends>>> = {
  'a connection that we opened': async (server, port) => {
    const accepted = once(server, 'secureConnection')
    const target = { transport: 'tls', host: 'localhost', port } as const
    const settings = transportSettings(target, { caFile: certificates.caFile })
    const { transport } = await openTransport(settings, patientDeadline())
    const [reader] = (await accepted) as [TLSSocket]
    return { writer: transport, reader }
  },
  'a connection that we accepted': async (server, port) => {
    const accepted = once(server, 'secureConnection')
    const reader = connect({ host: 'localhost', port, rejectUnauthorized: false })
    const [socket] = (await accepted) as [TLSSocket]
    return { writer: acceptedTransport(socket, 'client'), reader }
  },
}

for (const [way, open] of Object.entries(ways)) {
  test(`a large write over TLS on ${way} is encrypted slice by slice, and arrives whole and in its order`, async (t) => {
    const large = Buffer.alloc(48 * megabyte + 1, 'abcdefg')
    const [before, after] = [Buffer.from('before'), Buffer.from('after')]
    const server = createServer({ ...certificates.issued.server })
    t.after(() => server.close())
    const { writer, reader } = await open(server, await listen(server))
    t.after(() => writer.destroy())
    writer.onBytes = () => {}
    const hash = createHash('sha256')
    reader.on('error', () => {}).pause()

    const externalBefore = process.memoryUsage().external
    writer.write(before)
    const written = new Promise((resolve) => writer.write(large, resolve))
    writer.write(after)
    await new Promise((resolve) => setImmediate(resolve))
    const encrypted = process.memoryUsage().external - externalBefore
    const whole = once(reader.on('data', (bytes) => hash.update(bytes)).resume(), 'end')
    await withPatience(written, 'the large write')
    writer.finish()
    await withPatience(whole, 'the end')

    assert.ok(encrypted < 16 * sliceBytes, `${Math.round(encrypted / megabyte)} MB more in memory`)
    const expected = createHash('sha256').update(before).update(large).update(after).digest('hex')
    assert.equal(hash.digest('hex'), expected)
  })
}

const listeners = {
  plain: () => createPlainServer(),
  TLS: () => createServer({ ...certificates.issued.server }),
}
const connections = {
  plain: (port: number) => connectPlain({ host: 'localhost', port }),
  TLS: (port: number) => connect({ host: 'localhost', port, rejectUnauthorized: false }),
}

for (const kind of ['plain', 'TLS'] as const) {
  test(`an accepted connection is read into the buffer that it is given, and loses nothing that came early: ${kind}`, async (t) => {
    const server = listeners[kind]()
    t.after(() => server.close())
    const client = connections[kind](await listen(server))
    const [socket] = (await once(server, kind === 'TLS' ? 'secureConnection' : 'connection')) as [TLSSocket]
    const readBuffer = Buffer.alloc(64 * 1024)
    const transport = acceptedTransport(socket, 'client', readBuffer)
    t.after(() => transport.destroy())
    client.write('early')
    await withPatience(readBufferHolds(readBuffer, 'early'), 'a read before anybody listens')

    let received = ''
    transport.onBytes = (bytes) => {
      received += bytes.toString()
      if (received === 'early') client.write('later')
      else client.end()
    }
    await withPatience(new Promise<unknown>((resolve) => (transport.onClose = resolve)), 'the close')

    assert.equal(received, 'earlylater')
    assert.equal(readBuffer.toString('latin1', 0, 5), 'later')
  })
}

async function readBufferHolds(buffer: Buffer, text: string): Promise<void> {
  while (buffer.toString('latin1', 0, text.length) !== text) await new Promise((resolve) => setImmediate(resolve))
}
