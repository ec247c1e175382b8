import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { type WebSocket, WebSocketServer } from 'ws'
import { resetConnection } from '../network/reset-connection.ts'

/** One accepted connection, whatever carries the bytes. */
export interface Wire {
  readonly socket: Socket
  send(bytes: Buffer): void
  /** A text frame; only over WebSocket. */
  sendText(text: string): void
  fin(): void
  /** A TCP reset: not a FIN, whatever is still unread. */
  rst(): void
  onBytes: (bytes: Buffer) => void
}

export interface WireOptions {
  /** Certificate, key and what else node's TLS server takes. */
  readonly tls?: TlsOptions
  /** Speaks WebSocket and answers the upgrade with this subprotocol; `null` names none. */
  readonly websocket?: string | null
}

/** A server that is not listening yet. */
export function wireServer(options: WireOptions, accept: (wire: Wire) => void): Server {
  const onSocket = options.websocket === undefined ? (socket: Socket) => accept(plainWire(socket)) : undefined
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls)
  const connected = options.tls === undefined ? 'connection' : 'secureConnection'
  server.on('tlsClientError', () => {})
  server.on('connection', (socket: Socket) => socket.setNoDelay(true).on('error', () => {}))
  if (onSocket !== undefined) server.on(connected, onSocket)
  else serveWebSocket(server, connected, options.websocket ?? null, accept)
  return server
}

function plainWire(socket: Socket): Wire {
  const wire: Wire = {
    socket,
    send: (bytes) => socket.write(bytes),
    sendText: () => {
      throw new Error('a text frame needs a WebSocket')
    },
    fin: () => socket.end(),
    rst: () => resetConnection(socket),
    onBytes: () => {},
  }
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => wire.onBytes(bytes))
  return wire
}

function serveWebSocket(
  server: Server,
  connected: string,
  subprotocol: string | null,
  accept: (wire: Wire) => void,
): void {
  const http = createHttpServer((_, response) => response.writeHead(404).end())
  const upgrader = new WebSocketServer({ noServer: true, handleProtocols: () => subprotocol ?? false })
  http.on('upgrade', (request, socket, head) =>
    upgrader.handleUpgrade(request, socket, head, (websocket) => accept(webSocketWire(websocket, socket as Socket))),
  )
  server.on(connected, (socket: Socket) => http.emit('connection', socket))
}

function webSocketWire(websocket: WebSocket, socket: Socket): Wire {
  const wire: Wire = {
    socket,
    send: (bytes) => websocket.send(bytes),
    sendText: (text) => websocket.send(text),
    fin: () => websocket.close(1000),
    rst: () => resetConnection(socket),
    onBytes: () => {},
  }
  websocket.on('error', () => {})
  websocket.on('message', (bytes) => wire.onBytes(bytes as Buffer))
  return wire
}
