import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { encodePacket } from '../../../protocol/wire/encode-packet.ts'
import { FrameSplitter } from '../../../protocol/wire/frame-splitter.ts'

const publishCode = 3
const pingreqCode = 12
const connectCode = 1
const version = 5
/** Success, nothing said: all limits are the standard's. */
const connack = Buffer.from(
  encodePacket({ type: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }, version),
)
const pingresp = Buffer.from(encodePacket({ type: 'pingresp' }, version))

/** Takes what comes, and answers as little as MQTT 5 asks for. */
export interface Sink {
  readonly port: number
  /** PUBLISH packets so far. */
  readonly taken: number
  close(): void
}

/** The cheapest broker there can be, in this process, over loopback: what a load does against it is the generator's. */
export async function startSink(): Promise<Sink> {
  let taken = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const splitter = new FrameSplitter({ sender: 'client' })
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      splitter.push(chunk, (bytes, start) => {
        const code = (bytes[start] as number) >> 4
        if (code === publishCode) taken++
        else if (code === pingreqCode) socket.write(pingresp)
        else if (code === connectCode) socket.write(connack)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get taken() {
      return taken
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
