import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import type { PlainAdvice } from '../../advice.ts'
import { MqttCliError } from '../../errors.ts'
import { monotonicMs } from '../clock.ts'
import { errorCode } from './connect-errors.ts'
import { type OnRejected, watchHandshakes } from './handshake-failure.ts'
import { isTrusted, keepUntrusted } from './server/untrusted-clients.ts'
import { refuseInterchanged, refuseUnmatched } from './tls/key-pair.ts'
import { pemFrom } from './tls/pem-file.ts'

export interface TlsServerSettings {
  readonly certFile: string
  readonly keyFile: string
  /** With it, a client has to show a certificate that one of these authorities signed. */
  readonly caFile?: string
}

export interface ListenSettings {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly tls?: TlsServerSettings
  /** Milliseconds from the TCP connection to the end of the TLS handshake, or of the upgrade to WebSocket. */
  readonly handshakeMs?: number
  /** At a time, those whose handshake is under way included. */
  readonly maximumConnections?: number
}

export interface Listener {
  readonly host: string
  readonly port: number
  /** Takes no new connection. The open ones belong to whoever got them. */
  close(): Promise<void>
}

/** For a client that opens a port and says nothing. */
export const defaultHandshakeMs = 10_000

export interface Arrival {
  /** From the TCP connection to here, for TLS and for the upgrade to WebSocket. */
  readonly spentMs: number
  /** Whoever it is may send messages of any size that the settings allow. */
  admit(): void
  /** Bytes that came and are not on the stream yet: of a WebSocket message whose end has not come. */
  gatheredBytes(): number
  /** Calls back when there are more of those. */
  onGathering(listener: (bytes: number) => void): void
}

/** Over TCP and TLS nothing is gathered. */
const immediate = { admit: () => {}, gatheredBytes: () => 0, onGathering: () => {} }

/** A new connection, and where it comes from: `127.0.0.1:50312`. */
export type OnConnection = (stream: Duplex, remote: string, arrival: Arrival) => void

/** Accepts TCP, or TLS with `tls`. A connection is handed over once its handshake is done. */
export async function listen(
  settings: ListenSettings,
  onConnection: OnConnection,
  onRejected: OnRejected = () => {},
): Promise<Listener> {
  const arrivals = new Arrivals()
  const accept = (socket: Socket) => {
    socket.setNoDelay(true) // a PUBACK of four bytes must not wait for Nagle
    onConnection(socket, remoteOf(socket), { spentMs: arrivals.spentMs(socket), ...immediate })
  }
  if (settings.tls === undefined) return bound(createServer(accept), settings, onRejected)
  const { caFile } = settings.tls
  const server = createTlsServer(await tlsServerOptions(settings.tls, settings.handshakeMs), (socket) => {
    const rejected = (reason: string) => onRejected(remoteOf(socket), reason)
    if (caFile === undefined || isTrusted(socket, rejected)) accept(socket)
  })
  if (caFile !== undefined) keepUntrusted(server)
  server.on('connection', (socket) => arrivals.add(socket))
  watchHandshakes(server, (_socket, ...told) => onRejected(...told))
  return bound(server, settings, onRejected)
}

/** When the sockets came that something is to be done on before they are connections. */
export class Arrivals {
  readonly #atMs = new Map<string, number>()
  readonly #done = new Set<string>()

  add(socket: Socket): void {
    const remote = remoteOf(socket)
    this.#atMs.set(remote, monotonicMs())
    socket.once('close', () => {
      this.#atMs.delete(remote)
      this.#done.delete(remote)
    })
  }

  /** Nothing more is to be done on it. */
  done(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    const remote = remoteOf(socket)
    if (this.#atMs.has(remote)) this.#done.add(remote)
  }

  isExpected(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): boolean {
    const remote = remoteOf(socket)
    return this.#atMs.has(remote) && !this.#done.has(remote)
  }

  spentMs(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): number {
    const atMs = this.#atMs.get(remoteOf(socket))
    return atMs === undefined ? 0 : monotonicMs() - atMs
  }
}

export async function tlsServerOptions(tls: TlsServerSettings, handshakeMs = defaultHandshakeMs) {
  const { certFile, keyFile, caFile } = tls
  const files = { certFile, keyFile, cert: await bytesOf(certFile), key: await bytesOf(keyFile) }
  refuseInterchanged(files)
  const cert = pemFrom('certificate', certFile, files.cert)
  const key = pemFrom('private key', keyFile, files.key)
  refuseUnmatched({ certFile, keyFile, cert, key })
  const ca = caFile === undefined ? undefined : pemFrom('CA', caFile, await bytesOf(caFile))
  const asked = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }
  return { cert, key, minVersion: 'TLSv1.2' as const, handshakeTimeout: handshakeMs, ...asked }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new MqttCliError('local-io', `cannot read ${path} (${errorCode(error)})`, {
      layer: 'TLS',
      tries: ['check the path and the permissions of the file'],
      facts: { path, code: errorCode(error) },
      cause: error,
    })
  }
}

/** Why a client that comes when all places are taken is closed at once. */
export const tooManyConnections = 'there are too many connections'

/** Resolves when the server listens. */
export function bound(
  server: Server,
  settings: ListenSettings,
  onRejected: OnRejected,
  ifTaken: PlainAdvice = 'other-port',
): Promise<Listener> {
  const { host, port, maximumConnections } = settings
  if (maximumConnections !== undefined) {
    server.maxConnections = maximumConnections
    server.on('drop', (client) => onRejected(remoteOf(client ?? {}), tooManyConnections))
  }
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(host, port, error, ifTaken)))
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      server.on('error', () => {}) // a single failed accept (out of file descriptors) must not end the process
      const address = server.address() as AddressInfo
      resolve({ host: address.address, port: address.port, close: () => closed(server) })
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

export function remoteOf(socket: {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}): string {
  return `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`
}

const CAUSES: Readonly<Record<string, readonly string[]>> = {
  EADDRINUSE: ['another broker, or another program, listens on that port'],
  EACCES: ['ports below 1024 need more rights than this process has'],
  EADDRNOTAVAIL: ['the address does not belong to this machine'],
}

function cannotListen(host: string, port: number, error: Error, ifTaken: PlainAdvice): MqttCliError {
  const code = errorCode(error)
  return new MqttCliError('local-io', `cannot listen on ${host}:${port} (${code})`, {
    layer: 'TCP',
    causes: CAUSES[code] ?? [],
    tries: [{ try: ifTaken }, '`ss -ltnp` shows who has the port'],
    facts: { host, port, code },
    cause: error,
  })
}
