import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { resetConnection } from '../network/reset-connection.ts'
import { listenOver, serverTls } from './listen-over.ts'
import { type Reach, reachOf } from './reach.ts'
import { type TestTransport, thisTransport } from './transport-table.ts'

export interface Terminator extends Reach {
  /** For `t.after(terminator.close)`. */
  readonly close: () => void
}

/**
 * In front of a server that has TCP alone: takes the transport of this run, and passes bytes, pressure, ends and
 * resets on in both directions. Over TCP it is not there at all.
 */
export async function startTerminator(port: number, transport: TestTransport = thisTransport): Promise<Terminator> {
  if (transport.name === 'tcp') return { ...reachOf({ port }, transport), close: () => {} }
  const sockets = new Set<Socket>()
  const server = streamServer(transport, (stream, socket) => {
    const inner = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    sockets.add(inner.once('close', () => sockets.delete(inner)))
    join({ stream, socket }, { stream: inner, socket: inner })
  })
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true).on('error', () => {})
    sockets.add(socket.once('close', () => sockets.delete(socket)))
  })
  const reach = await listenOver(server, transport)
  return {
    ...reach,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** The bytes of a client, and the connection that carries them. */
interface End {
  readonly stream: Duplex
  readonly socket: Socket
}

function join(one: End, other: End): void {
  pass(one, other)
  pass(other, one)
}

function pass(from: End, to: End): void {
  from.stream.pipe(to.stream)
  from.stream.on('error', () => resetConnection(to.socket))
  from.stream.once('close', () => to.stream.end())
}

function streamServer(transport: TestTransport, accept: (stream: Duplex, socket: Socket) => void): Server {
  const server = transport.isTls
    ? createTlsServer({ ...serverTls(), allowHalfOpen: true })
    : createServer({ allowHalfOpen: true })
  server.on('tlsClientError', () => {})
  const accepted = transport.isTls ? 'secureConnection' : 'connection'
  server.on(accepted, transport.isWebSocket ? upgraded(accept) : (socket: Socket) => accept(socket, socket))
  return server
}

function upgraded(accept: (stream: Duplex, socket: Socket) => void): (socket: Socket) => void {
  const http = createHttpServer((_, response) => response.writeHead(404).end())
  const upgrader = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' })
  http.on('upgrade', (request, socket, head) =>
    upgrader.handleUpgrade(request, socket, head, (websocket) =>
      accept(createWebSocketStream(websocket), socket as Socket),
    ),
  )
  return (socket) => http.emit('connection', socket)
}
