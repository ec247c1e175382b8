import { isIP, type OnReadOpts, type TcpNetConnectOpts } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect, type SecureContext, type TLSSocket } from 'node:tls'
import { MqttCliError } from '../../../errors.ts'
import type { Abortable } from '../../abort.ts'
import { monotonicMicroseconds } from '../../clock.ts'
import type { TlsSettings } from '../../settings.ts'
import { RecordSource } from '../byte-source.ts'
import { SocketTransport } from '../socket-transport.ts'
import { connectTcp, type HostAndPort, hostAndPort, type TcpConnected } from '../tcp.ts'
import type { TransportMemory, TransportOpened, TransportSettings } from '../transport.ts'
import { withSpokenVersion } from './spoken-tls.ts'
import { agreedAlpn, certificateRejected, handshakeFailed, isVersionRefusal, tlsConnectionLost } from './tls-errors.ts'
import { readTlsFiles, secureContextFor } from './tls-files.ts'

export async function openTls(
  settings: TransportSettings,
  target: HostAndPort,
  deadline: Abortable,
  memory?: TransportMemory,
  readBuffer?: Buffer,
): Promise<TransportOpened> {
  const source = new RecordSource(readBuffer)
  const { socket, address, timings } = await connectTls(settings, target, deadline, memory, source.onread)
  source.readFrom(socket)
  const alpn = settings.tls.alpn === undefined ? '' : ` (${agreedAlpn(socket)})`
  const description = `tls ${hostAndPort(address.ip, target.port)}${alpn}`
  return { transport: new SocketTransport(socket, source, description, tlsConnectionLost, socket), timings }
}

/** A verified TLS connection, which hands `onread` what it decrypts, or keeps it until somebody listens. */
export async function connectTls(
  settings: TransportSettings,
  target: HostAndPort,
  deadline: Abortable,
  memory?: TransportMemory,
  onread?: OnReadOpts,
): Promise<Omit<TcpConnected, 'socket'> & { readonly socket: TLSSocket }> {
  const options = await tlsOptions(settings.tls, target.host, memory) // before the network: a missing file is said at once
  const begin = (to: TcpNetConnectOpts) => beginTls(to, options, onread)
  const tcp = await connectTcp(settings, target, deadline, begin)
  const socket = tcp.socket as TLSSocket // which `begin` made
  await shaken(socket, deadline).catch(async (error) => {
    if (error === deadline.reason) throw error
    const failed = handshakeFailed(hostAndPort(target.host, target.port), error, settings.tls.alpn)
    throw isVersionRefusal(error) ? await withSpokenVersion(failed, settings, target, deadline) : failed
  })
  if (!settings.tls.insecure && !socket.authorized) {
    const rejected = certificateRejected(socket, hostAndPort(target.host, target.port), settings.tls.alpn)
    socket.destroy()
    throw rejected
  }
  const tlsMicroseconds = monotonicMicroseconds() - tcp.beganMicroseconds
  return { ...tcp, socket, timings: { ...tcp.timings, tlsMicroseconds } }
}

async function tlsOptions(tls: TlsSettings, host: string, memory?: TransportMemory): Promise<ConnectionOptions> {
  const serverName = tls.serverName ?? (isIP(host) === 0 ? host : '')
  if (isIP(serverName) !== 0) {
    throw new MqttCliError('usage', `the TLS server name must be a host name, not the IP address ${serverName}`, {
      layer: 'TLS',
      tries: [{ try: 'no-server-name' }],
    })
  }
  return {
    servername: serverName,
    // Not the address that is connected to, which is all that node knows of.
    checkServerIdentity: (_address, certificate) => checkServerIdentity(serverName || host, certificate),
    secureContext: await secureContext(tls, memory),
    // connectTls decides, fail-closed, by `authorized`: node's own refusal throws the certificate away, and with it
    // the subject and the dates that the user needs to see.
    rejectUnauthorized: false,
    ...(tls.alpn === undefined ? {} : { ALPNProtocols: [...tls.alpn] }),
  }
}

/** Files are read anew each time. Half written, or gone for a while, they must not end what ran well with the last ones. */
async function secureContext(tls: TlsSettings, memory: TransportMemory | undefined): Promise<SecureContext> {
  if (memory?.contexts !== undefined) return contextLoadedOnce(tls, memory.contexts)
  try {
    const context = await loadedContext(tls)
    if (memory !== undefined) memory.secureContext = context
    return context
  } catch (error) {
    const isOfFiles = error instanceof MqttCliError && error.kind === 'local-io'
    if (memory?.secureContext === undefined || !isOfFiles) throw error
    memory.stale?.(error)
    return memory.secureContext
  }
}

async function loadedContext(tls: TlsSettings): Promise<SecureContext> {
  return secureContextFor(tls, await readTlsFiles(tls))
}

/** Never one client's for another: what cannot be loaded fails, and is read again the next time. */
function contextLoadedOnce(tls: TlsSettings, contexts: Map<string, Promise<SecureContext>>): Promise<SecureContext> {
  const key = `${tls.certFile}\0${tls.keyFile}`
  const known = contexts.get(key)
  if (known !== undefined) return known
  const loading = loadedContext(tls)
  contexts.set(key, loading)
  loading.catch(() => contexts.delete(key))
  return loading
}

/** The handshake begins with the connection. */
function beginTls(to: TcpNetConnectOpts, options: ConnectionOptions, onread: OnReadOpts | undefined): TLSSocket {
  const socket = connect({ ...options, ...to, ...(onread !== undefined && { onread }) })
  return to.noDelay === true ? socket.setNoDelay() : socket
}

/** Rejects with node's own error, or with the deadline's reason. */
function shaken(socket: TLSSocket, deadline: Abortable): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => finish(() => reject(deadline.reason), true)
    const onError = (error: Error) => finish(() => reject(error), true)
    const finish = (settle: () => void, failed: boolean) => {
      deadline.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      if (failed) socket.on('error', () => {}).destroy()
      settle()
    }
    deadline.addEventListener('abort', onAbort, { once: true })
    if (deadline.aborted) return onAbort()
    socket.once('error', onError)
    socket.once('secureConnect', () => finish(resolve, false))
  })
}
