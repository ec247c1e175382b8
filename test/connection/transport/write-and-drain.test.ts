import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { WebSocket } from 'ws'
import { acceptedTransport } from '../../../src/connection/transport/accepted-transport.ts'
import { listen as listenSocket } from '../../../src/connection/transport/listen.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { listenWebSocket } from '../../../src/connection/transport/server/websocket-server.ts'
import type { Transport } from '../../../src/connection/transport/transport.ts'
import { withPatience } from '../../support/program/patience.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'
import { patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

const folder = temporaryFolder()
const certificates = writeCertificates(folder)
const loopback = '127.0.0.1'

interface Pausable {
  pause(): unknown
  resume(): unknown
}

/** Reads what it wants of its end; `taken` counts it. */
class Peer {
  taken = 0
  readonly #socket: Pausable
  readonly #isSlow: boolean

  constructor(socket: Pausable, isSlow: boolean) {
    this.#socket = socket
    this.#isSlow = isSlow
  }

  take(bytes: Buffer): void {
    this.taken += bytes.length
    if (!this.#isSlow) return
    this.#socket.pause()
    setImmediate(() => setImmediate(() => this.#socket.resume()))
  }
}

type Open = (t: TestContext, isSlow: boolean) => Promise<{ readonly transport: Transport; readonly peer: Peer }>

/** A connection of ours to a server that reads. */
function outgoing(transport: 'tcp' | 'tls' | 'ws' | 'wss'): Open {
  return async (t, isSlow) => {
    const isWebSocket = transport === 'ws' || transport === 'wss'
    const isSecure = transport === 'tls' || transport === 'wss'
    const broker = await startScriptedBroker([[]], {
      ...(isSecure && { tls: certificates.issued.server }),
      ...(isWebSocket && { websocket: 'mqtt' }),
    })
    t.after(broker.close)
    const where = { host: 'localhost', port: broker.port }
    const target = isWebSocket ? { transport, ...where, path: '/', headers: {} } : { transport, ...where }
    const opened = await openTransport(
      transportSettings(target as Parameters<typeof transportSettings>[0], { caFile: certificates.caFile }),
      patientDeadline(),
    )
    const { wire } = await broker.connection(0)
    const peer = new Peer(wire.socket, isSlow)
    wire.onBytes = (bytes) => peer.take(bytes)
    return { transport: opened.transport, peer }
  }
}

const unix: Open = async (t, isSlow) => {
  const server = createServer()
  const path = join(folder, isSlow ? 'slow' : 'quick')
  server.listen(path)
  t.after(() => server.close())
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const { transport } = await openTransport(transportSettings({ transport: 'unix', path }), patientDeadline())
  const [socket] = (await accepted) as [Socket]
  const peer = new Peer(socket, isSlow)
  socket.on('data', (bytes: Buffer) => peer.take(bytes))
  return { transport, peer }
}

/** A client that came to a listener of ours, and reads what we write to it. */
function accepted(isWebSocket: boolean): Open {
  return async (t, isSlow) => {
    let accept: (stream: Duplex) => void = () => {}
    const stream = new Promise<Duplex>((resolve) => {
      accept = resolve
    })
    const settings = { host: loopback, port: 0, maximumMessageBytes: 1_000_000 }
    const listener = await (isWebSocket ? listenWebSocket : listenSocket)(settings, (each) => accept(each))
    t.after(() => void listener.close())
    const peer = isWebSocket ? webSocketPeer(t, listener.port, isSlow) : socketPeer(t, listener.port, isSlow)
    const transport = acceptedTransport(await stream, 'client')
    t.after(() => transport.destroy())
    return { transport, peer }
  }
}

function socketPeer(t: TestContext, port: number, isSlow: boolean): Peer {
  const socket = connect(port, loopback)
  t.after(() => socket.destroy())
  const peer = new Peer(socket, isSlow)
  socket.on('data', (bytes) => peer.take(bytes))
  return peer
}

function webSocketPeer(t: TestContext, port: number, isSlow: boolean): Peer {
  const websocket = new WebSocket(`ws://${loopback}:${port}`, 'mqtt')
  t.after(() => websocket.terminate())
  const peer = new Peer(websocket, isSlow)
  websocket.on('message', (bytes) => peer.take(bytes as Buffer))
  return peer
}

const ways: Readonly<Record<string, Open>> = {
  tcp: outgoing('tcp'),
  tls: outgoing('tls'),
  ws: outgoing('ws'),
  wss: outgoing('wss'),
  unix,
  'an accepted connection': accepted(false),
  'an accepted WebSocket': accepted(true),
}

/** Bytes of each write of one turn: many small ones, that together fill the transport, a few large ones, and both. */
const turns = [
  Array<number>(1200).fill(67),
  [65_536, 67, 67],
  [4095, 4096, 61_440],
  Array<number>(300).fill(4000),
  [300_000, 1],
]
const rounds = 8

for (const [name, open] of Object.entries(ways)) {
  for (const isSlow of [false, true]) {
    test(`${name}: who was told to wait is told to go on, by a peer that reads ${isSlow ? 'slowly' : 'at once'}`, async (t) => {
      const { transport, peer } = await open(t, isSlow)
      transport.onBytes = () => {}
      let written = 0

      for (let round = 0; round < rounds; round++) {
        for (const turn of turns) {
          for (const byteCount of turn) {
            const drained = new Promise<void>((resolve) => {
              transport.onDrain = resolve
            })
            const isRoom = transport.write(Buffer.alloc(byteCount))
            written += byteCount
            if (!isRoom) await withPatience(drained, `drain after ${written} bytes; ${transport.writableLength} wait`)
          }
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      transport.end()
      await withPatience(
        new Promise<void>((resolve) => {
          transport.onClose = () => resolve()
        }),
        'the close',
      )

      assert.equal(peer.taken, written)
    })
  }
}
