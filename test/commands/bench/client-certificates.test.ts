import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createServer, type TLSSocket } from 'node:tls'
import { benchRun } from '../../support/bench/bench-run.ts'
import { listen } from '../../support/network/free-port.ts'
import { FrameCutter } from '../../support/packets/frame-cutter.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { issue, makeAuthority } from '../../support/transports/certificates.ts'

const authority = makeAuthority('devices')
const server = issue(authority, { commonName: 'localhost', names: ['localhost', '127.0.0.1'] })

/** So many devices, each with a certificate of its own name. */
function devices(count: number) {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('ca.pem'), authority.cert)
  for (let number = 0; number < count; number++) {
    const { cert, key } = issue(authority, { commonName: `device ${number}` })
    writeFileSync(at(`${number}.pem`), cert)
    writeFileSync(at(`${number}.key`), key, { mode: 0o600 })
  }
  const flags = (place: string) => ['--cafile', at('ca.pem'), '--cert', at(`${place}.pem`), '--key', at(`${place}.key`)]
  return { at, flags }
}

/** An MQTT 5 broker that wants certificates, and remembers whose came with which client identifier. `ends`: the first connection. */
async function startStrictBroker({ ends = false } = {}) {
  const came: (readonly [clientId: string, subject: string])[] = []
  const sockets = new Set<TLSSocket>()
  const tls = createServer({ cert: server.cert, key: server.key, ca: authority.cert, requestCert: true })
  tls.on('secureConnection', (socket) => {
    const cutter = new FrameCutter()
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const { type, bytes } of cutter.push(chunk)) {
        if (type === 'connect') {
          const idAt = 12 + 1 + bytes[12]! // fixed header 2, name 6, level, flags, keep alive 2, properties
          const clientId = bytes.subarray(idAt + 2, idAt + 2 + bytes.readUInt16BE(idAt)).toString()
          // Who asks the broker for its name is no client of the load.
          if (clientId.startsWith('c-')) came.push([clientId, String(socket.getPeerCertificate().subject?.CN)])
          socket.write(Buffer.from('2003000000', 'hex'))
          if (ends && clientId === 'c-0' && came.length === 1) setTimeout(() => socket.destroy(), 300)
        } else if (type === 'pingreq') socket.write(Buffer.of(0xd0, 0))
        else if (type === 'disconnect') socket.end()
      }
    })
  })
  const port = await listen(tls)
  const close = () => {
    tls.close()
    for (const socket of sockets) socket.destroy()
  }
  return { url: `mqtts://localhost:${port}`, came, close }
}

const conn = (url: string, clients: number) => [
  ...['conn', '-L', url, '-c', clients, '-I', 'c-%i', '-V', '5', '--duration', '0.5'],
]

describe('a certificate for each client', () => {
  for (const workers of [1, 2]) {
    test(`is that of its number, over ${workers} threads`, async (t) => {
      const { flags } = devices(5)
      const broker = await startStrictBroker()
      t.after(broker.close)

      const { code } = await benchRun([...conn(broker.url, 5), ...flags('%i'), '--workers', workers])

      assert.equal(code, 0)
      assert.deepEqual(
        [...broker.came].sort(([one], [other]) => (one < other ? -1 : 1)),
        [0, 1, 2, 3, 4].map((number) => [`c-${number}`, `device ${number}`]),
      )
    })
  }

  test('is one of a pool, which clients take in turn', async (t) => {
    const { flags } = devices(2)
    const broker = await startStrictBroker()
    t.after(broker.close)

    const { code } = await benchRun([...conn(broker.url, 4), ...flags('%i(0..1)')])

    assert.equal(code, 0)
    assert.deepEqual(broker.came.map(([, subject]) => subject).sort(), ['device 0', 'device 0', 'device 1', 'device 1'])
  })

  test('is loaded once: its client comes back with it when the file is gone', async (t) => {
    const { at, flags } = devices(1)
    const broker = await startStrictBroker({ ends: true })
    t.after(broker.close)
    const words = [...conn(broker.url, 1), ...flags('%i'), '--duration', '4'].map(String)
    const handle = runCli(['bench', ...words, '--json'])
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (broker.came.length === 0) return
        clearInterval(look)
        resolve()
      }, 5)
    })
    rmSync(at('0.pem'))

    assert.equal(await handle.exitCode, 0, await handle.stderr())
    assert.deepEqual(broker.came, [
      ['c-0', 'device 0'],
      ['c-0', 'device 0'],
    ])
  })

  test('that is not there is named before anybody connects: 7', async (t) => {
    const { at, flags } = devices(4)
    const broker = await startStrictBroker()
    t.after(broker.close)
    rmSync(at('2.key'))
    rmSync(at('3.pem'))

    const handle = runCli(['bench', ...conn(broker.url, 4).map(String), ...flags('%i')])

    assert.equal(await handle.exitCode, 7)
    assert.match(await handle.stderr(), /2\.key, for client 2, cannot be read, nor 1 others/)
    assert.deepEqual(broker.came, [])
  })
})
