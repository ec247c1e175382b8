import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import type { MqttCliError } from '../../errors.ts'
import type { Abortable } from '../abort.ts'
import { monotonicMicroseconds } from '../clock.ts'
import { RaceLost, raceAddresses } from './address-race.ts'
import { type Address, addressesOf } from './addresses.ts'
import { ReusedBufferSource } from './byte-source.ts'
import { lostConnection, unreachable } from './connect-errors.ts'
import { SocketTransport } from './socket-transport.ts'
import type { TransportOpened, TransportSettings, TransportTimings } from './transport.ts'

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

type TcpSettings = Pick<TransportSettings, 'bindAddress' | 'noDelay'>

export async function openTcp(
  settings: TcpSettings,
  target: HostAndPort,
  deadline: Abortable,
  readBuffer?: Buffer,
): Promise<TransportOpened> {
  const source = new ReusedBufferSource(readBuffer)
  const begin = (to: TcpNetConnectOpts) => beginTcp({ ...to, onread: source.onread })
  const { socket, address, timings } = await connectTcp(settings, target, deadline, begin)
  source.readFrom(socket)
  const description = `tcp ${hostAndPort(address.ip, target.port)}`
  return { transport: new SocketTransport(socket, source, description, explain, socket), timings }
}

function explain(description: string, error: Error): MqttCliError {
  return lostConnection('TCP', description, error)
}

export interface TcpConnected {
  readonly socket: Socket
  readonly address: Address
  /** `monotonicMicroseconds()` when opening began. */
  readonly beganMicroseconds: number
  readonly timings: TransportTimings
}

/** A connected socket, which `begin` made. TLS and WebSocket build on it. */
export async function connectTcp(
  settings: TcpSettings,
  target: HostAndPort,
  deadline: Abortable,
  begin: (to: TcpNetConnectOpts) => Socket = beginTcp,
): Promise<TcpConnected> {
  const beganMicroseconds = monotonicMicroseconds()
  const addresses = await addressesOf(target.host, settings.bindAddress, deadline)
  const dnsMicroseconds = monotonicMicroseconds() - beganMicroseconds
  const { bindAddress, noDelay } = settings
  const local = bindAddress === undefined ? {} : { localAddress: bindAddress }
  const start = ({ ip }: Address) => begin({ host: ip, port: target.port, noDelay, ...local })
  try {
    const { socket, address } = await raceAddresses(addresses, start, deadline)
    const tcpMicroseconds = monotonicMicroseconds() - beganMicroseconds
    return { socket, address, beganMicroseconds, timings: { dnsMicroseconds, tcpMicroseconds } }
  } catch (error) {
    if (error instanceof RaceLost) throw unreachable(hostAndPort(target.host, target.port), error.attempts)
    throw error
  }
}

function beginTcp(to: TcpNetConnectOpts): Socket {
  const socket = connect(to)
  socket.pause() // nothing is read before somebody listens
  return socket
}

export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
