import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type SecureContext, type TLSSocket } from 'node:tls'
import { MqttCliError } from '../../../errors.ts'
import type { Abortable } from '../../abort.ts'
import { monotonicMicroseconds } from '../../clock.ts'
import type { TlsSettings } from '../../settings.ts'
import { DataEventSource } from '../byte-source.ts'
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
): Promise<TransportOpened> {
  const { socket, carrier, address, timings } = await connectTls(settings, target, deadline, memory)
  const alpn = settings.tls.alpn === undefined ? '' : ` (${agreedAlpn(socket)})`
  const description = `tls ${hostAndPort(address.ip, target.port)}${alpn}`
  const transport = new SocketTransport(socket, new DataEventSource(socket), description, tlsConnectionLost, carrier)
  return { transport, timings }
}

/** A verified TLS connection that reads nothing yet. */
export async function connectTls(
  settings: TransportSettings,
  target: HostAndPort,
  deadline: Abortable,
  memory?: TransportMemory,
): Promise<Omit<TcpConnected, 'socket'> & { readonly socket: TLSSocket; readonly carrier: Socket }> {
  const options = await tlsOptions(settings.tls, target.host, memory) // before the network: a missing file is said at once
  const tcp = await connectTcp(settings, target, deadline)
  const socket = await shakeHands(tcp.socket, options, deadline).catch(async (error) => {
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
  return { ...tcp, socket, carrier: tcp.socket, timings: { ...tcp.timings, tlsMicroseconds } }
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
    host, // what the certificate is verified against when there is no server name
    servername: serverName,
    secureContext: await secureContext(tls, memory),
    // connectTls decides, fail-closed, by `authorized`: node's own refusal throws the certificate away, and with it
    // the subject and the dates that the user needs to see.
    rejectUnauthorized: false,
    ...(tls.alpn === undefined ? {} : { ALPNProtocols: [...tls.alpn] }),
  }
}

/** Files are read anew each time. Half written, or gone for a while, they must not end what ran well with the last ones. */
async function secureContext(tls: TlsSettings, memory: TransportMemory | undefined): Promise<SecureContext> {
  try {
    const context = secureContextFor(tls, await readTlsFiles(tls))
    if (memory !== undefined) memory.secureContext = context
    return context
  } catch (error) {
    const isOfFiles = error instanceof MqttCliError && error.kind === 'local-io'
    if (memory?.secureContext === undefined || !isOfFiles) throw error
    memory.stale?.(error)
    return memory.secureContext
  }
}

/** Rejects with node's own error, or with the deadline's reason. */
function shakeHands(socket: Socket, options: ConnectionOptions, deadline: Abortable): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({ ...options, socket })
    const onAbort = () => finish(() => reject(deadline.reason), true)
    const onError = (error: Error) => finish(() => reject(error), true)
    const finish = (settle: () => void, failed: boolean) => {
      deadline.removeEventListener('abort', onAbort)
      secure.off('error', onError)
      if (failed) secure.on('error', () => {}).destroy()
      settle()
    }
    deadline.addEventListener('abort', onAbort, { once: true })
    if (deadline.aborted) return onAbort()
    secure.once('error', onError)
    secure.once('secureConnect', () => finish(() => resolve(secure), false))
  })
}
