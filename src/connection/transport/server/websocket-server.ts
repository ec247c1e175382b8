import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer, type Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { WebSocketServer } from 'ws'
import { type OnRejected, watchHandshakes } from '../handshake-failure.ts'
import {
  Arrivals,
  bound,
  defaultHandshakeMs,
  type Listener,
  type ListenSettings,
  type OnConnection,
  remoteOf,
  tlsServerOptions,
} from '../listen.ts'
import { isTrusted, keepUntrusted } from './untrusted-clients.ts'
import { WebOrigins } from './web-origins.ts'
import { WebSocketStream } from './websocket-stream.ts'

/** The name of the standard [MQTT-6.0.0-4], and the one that clients used before it. */
const subprotocols = ['mqtt', 'mqttv3.1']

interface WebSocketListenSettings extends ListenSettings {
  /** Bytes of one WebSocket message. It may hold several packets, or part of one [MQTT-6.0.0-2]. */
  readonly maximumMessageBytes: number
  /** Of web pages that may connect, beside those of this machine; `*` is any. */
  readonly origins?: readonly string[]
}

interface Reception {
  readonly settings: WebSocketListenSettings
  readonly arrivals: Arrivals
  readonly onConnection: OnConnection
  readonly onRejected: OnRejected
}

/** Accepts MQTT over WebSocket at any path, over TLS with `tls`. */
export async function listenWebSocket(
  settings: WebSocketListenSettings,
  onConnection: OnConnection,
  onRejected: OnRejected = () => {},
): Promise<Listener> {
  const http =
    settings.tls === undefined
      ? createServer()
      : createSecureServer(await tlsServerOptions(settings.tls, settings.handshakeMs))
  const reception = { settings, arrivals: new Arrivals(), onConnection, onRejected }
  http.on('clientError', (_error, socket) => {
    onRejected(remoteOf(socket as Socket), 'what it sent is no HTTP, and this port expects a WebSocket upgrade')
    sendOff(socket, '400 Bad Request', '')
  })
  http.on('request', (request, response) => {
    onRejected(remoteOf(request.socket), 'it asks for a page by HTTP, and not for a WebSocket')
    const headers = { Upgrade: 'websocket', Connection: 'close' }
    response.writeHead(426, headers).end('This port speaks MQTT over WebSocket.\n')
  })
  watchHandshakes(http as HttpsServer, (socket, ...told) => {
    reception.arrivals.done(socket)
    onRejected(...told)
  })
  if (settings.tls?.caFile !== undefined) keepUntrusted(http as HttpsServer)
  http.on('connection', (socket: Socket) => expectUpgrade(socket, reception))
  acceptUpgrades(http, reception)
  return bound(http, settings, onRejected, 'other-web-socket-port')
}

/** One deadline for TLS, for HTTP, and for what they come in one byte at a time. */
function expectUpgrade(socket: Socket, { settings, arrivals, onRejected }: Reception): void {
  arrivals.add(socket)
  const late = setTimeout(() => {
    if (!arrivals.isExpected(socket)) return
    onRejected(remoteOf(socket), 'its WebSocket upgrade did not come in time')
    socket.destroy()
  }, settings.handshakeMs ?? defaultHandshakeMs)
  socket.once('close', () => clearTimeout(late))
}

function acceptUpgrades(http: Server, { settings, arrivals, onConnection, onRejected }: Reception): void {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: settings.maximumMessageBytes,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false,
    autoPong: false, // answered by WebSocketStream, as long as somebody reads the answers
  })
  const origins = new WebOrigins(settings.host, settings.origins ?? [])
  http.on('upgrade', (request, socket, head) => {
    const remote = remoteOf(request.socket)
    arrivals.done(request.socket)
    socket.on('error', () => socket.destroy())
    const isAsked = settings.tls?.caFile !== undefined
    const rejected = (reason: string) => onRejected(remote, reason)
    if (isAsked && !isTrusted(request.socket as TLSSocket, rejected)) return
    const foreign = origins.refusal(request.headers)
    if (foreign !== undefined) {
      onRejected(remote, foreign, { try: 'list-web-origin', because: foreign })
      sendOff(socket, '403 Forbidden', 'Web pages of this origin may not connect: it is not among those listed.\n')
      return
    }
    if (!offersMqtt(request)) {
      onRejected(remote, 'its WebSocket upgrade does not offer the subprotocol mqtt')
      sendOff(socket, '400 Bad Request', 'The subprotocol has to be mqtt.\n') // [MQTT-6.0.0-3]
      return
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = new WebSocketStream(webSocket, socket)
      onConnection(stream, remote, { spentMs: arrivals.spentMs(request.socket), ...stream.arrival })
    })
  })
}

/** Closed by us alone: a client that never reads would hold the listener open for ever. */
function sendOff(socket: Duplex, status: string, why: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n${why}`, () => socket.destroy())
}

function offersMqtt(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  return offered.split(',').some((name) => subprotocols.includes(name.trim()))
}
