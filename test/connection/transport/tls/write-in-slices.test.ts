import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { openTransport } from '../../../../src/connection/transport/open-transport.ts'
import { largestRecordsBytes } from '../../../../src/connection/transport/tls/write-in-slices.ts'
import { listen } from '../../../support/network/free-port.ts'
import { withPatience } from '../../../support/program/patience.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'
import { writeCertificates } from '../../../support/transports/certificates.ts'
import { patientDeadline, transportSettings } from '../../../support/transports/transport-harness.ts'

const certificates = writeCertificates(temporaryFolder())
const megabyte = 1024 * 1024

test('a large write over TLS is encrypted slice by slice, and arrives whole and in its order', async (t) => {
  const large = Buffer.alloc(48 * megabyte + 1, 'abcdefg')
  const [before, after] = [Buffer.from('before'), Buffer.from('after')]
  const hash = createHash('sha256')
  let startReading = () => {}
  const server = createServer({ ...certificates.issued.server }, (socket) => {
    socket.pause().on('error', () => {})
    socket.on('data', (bytes) => hash.update(bytes))
    startReading = () => socket.resume()
    socket.on('end', () => ended())
  })
  t.after(() => server.close())
  let ended = () => {}
  const whole = new Promise<void>((resolve) => {
    ended = resolve
  })
  const accepted = once(server, 'secureConnection')
  const target = { transport: 'tls', host: 'localhost', port: await listen(server) } as const
  const { transport } = await openTransport(
    transportSettings(target, { caFile: certificates.caFile }),
    patientDeadline(),
  )
  transport.onBytes = () => {}
  await accepted

  const externalBefore = process.memoryUsage().external
  transport.write(before)
  const written = new Promise((resolve) => transport.write(large, resolve))
  transport.write(after)
  await new Promise((resolve) => setImmediate(resolve))
  const encrypted = process.memoryUsage().external - externalBefore
  startReading()
  await withPatience(written, 'the large write')
  transport.finish()
  await withPatience(whole, 'the end')

  assert.ok(encrypted < 16 * largestRecordsBytes, `${Math.round(encrypted / megabyte)} MB more in memory`)
  const expected = createHash('sha256').update(before).update(large).update(after).digest('hex')
  assert.equal(hash.digest('hex'), expected)
  transport.destroy()
})
