import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { handshakeFailure, type OnRejected } from './handshake-failure.ts'
import { bound, type Listener, type ListenSettings, type OnConnection, remoteOf, tlsServerOptions } from './listen.ts'

const SUBPROTOCOL = 'mqtt'
const CANNOT_ACCEPT_TEXT = 1003
const NORMAL_CLOSE = 1000

export interface WebSocketListenSettings extends ListenSettings {
  /** Bytes of one WebSocket message. It may hold several packets, or part of one [MQTT-6.0.0-2]. */
  readonly maximumMessageBytes: number
}

/** Accepts MQTT over WebSocket at any path, over TLS with `tls`. */
export async function listenWebSocket(
  settings: WebSocketListenSettings,
  onConnection: OnConnection,
  onRejected: OnRejected = () => {},
): Promise<Listener> {
  const http = settings.tls === undefined ? createServer() : createSecureServer(await tlsServerOptions(settings.tls))
  http.on('clientError', (_error, socket) => {
    onRejected(remoteOf(socket as Socket), 'what it sent is no HTTP, and this port expects a WebSocket upgrade')
    sendOff(socket, '')
  })
  http.on('request', (request, response) => {
    onRejected(remoteOf(request.socket), 'it asks for a page by HTTP, and not for a WebSocket')
    response.writeHead(426, { Upgrade: 'websocket' }).end('This port speaks MQTT over WebSocket.\n')
  })
  http.on('tlsClientError', (error, socket) => onRejected(...handshakeFailure(error, socket)))
  acceptUpgrades(http, settings.maximumMessageBytes, onConnection, onRejected)
  return bound(http, settings)
}

function acceptUpgrades(http: Server, maxPayload: number, onConnection: OnConnection, onRejected: OnRejected): void {
  const server = new WebSocketServer({ noServer: true, maxPayload, handleProtocols: () => SUBPROTOCOL }) // [MQTT-6.0.0-4]
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!offersMqtt(request)) {
      onRejected(remoteOf(request.socket), 'its WebSocket upgrade does not offer the subprotocol mqtt')
      sendOff(socket, 'The subprotocol has to be mqtt.\n') // [MQTT-6.0.0-3]
      return
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      onConnection(new WebSocketStream(webSocket), remoteOf(request.socket))
    })
  })
}

/** Closed by us alone: a client that never reads would hold the listener open for ever. */
function sendOff(socket: Duplex, why: string): void {
  socket.end(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n${why}`, () => socket.destroy())
}

function offersMqtt(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  return offered.split(',').some((name) => name.trim() === SUBPROTOCOL)
}

/** The bytes of binary messages, one after the other, as a stream. */
class WebSocketStream extends Duplex {
  readonly #webSocket: WebSocket

  constructor(webSocket: WebSocket) {
    super()
    this.#webSocket = webSocket
    webSocket.on('message', (data, isBinary) => this.#received(data, isBinary))
    webSocket.on('close', () => {
      this.push(null)
      this.destroy()
    })
    webSocket.on('error', (error) => this.destroy(error))
  }

  #received(data: RawData, isBinary: boolean): void {
    if (!isBinary) {
      this.#webSocket.close(CANNOT_ACCEPT_TEXT, 'MQTT needs binary frames') // [MQTT-6.0.0-1]
      this.destroy(new Error('a WebSocket text frame: MQTT needs binary frames [MQTT-6.0.0-1]'))
      return
    }
    if (!this.push(data)) this.#webSocket.pause()
  }

  override _read(): void {
    if (this.#webSocket.isPaused) this.#webSocket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#webSocket.send(chunk, { binary: true }, done)
  }

  override _final(done: () => void): void {
    this.#webSocket.close(NORMAL_CLOSE)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#webSocket.readyState <= 1) this.#webSocket.terminate()
    done(error)
  }
}
