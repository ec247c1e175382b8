import { connect, type OnReadOpts, type Socket } from 'node:net'
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
  const { socket, address, timings } = await connectTcp(settings, target, deadline, source.onread)
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

/** A connected socket that reads nothing yet. TLS and WebSocket build on it. */
export async function connectTcp(
  settings: TcpSettings,
  target: HostAndPort,
  deadline: Abortable,
  onread?: OnReadOpts,
): Promise<TcpConnected> {
  const beganMicroseconds = monotonicMicroseconds()
  const addresses = await addressesOf(target.host, settings.bindAddress, deadline)
  const dnsMicroseconds = monotonicMicroseconds() - beganMicroseconds
  const start = (address: Address) => startConnecting(settings, address, target.port, onread)
  try {
    const { socket, address } = await raceAddresses(addresses, start, deadline)
    const tcpMicroseconds = monotonicMicroseconds() - beganMicroseconds
    return { socket, address, beganMicroseconds, timings: { dnsMicroseconds, tcpMicroseconds } }
  } catch (error) {
    if (error instanceof RaceLost) throw unreachable(hostAndPort(target.host, target.port), error.attempts)
    throw error
  }
}

function startConnecting(settings: TcpSettings, address: Address, port: number, onread?: OnReadOpts): Socket {
  const socket = connect({
    host: address.ip,
    port,
    noDelay: settings.noDelay,
    ...(settings.bindAddress === undefined ? {} : { localAddress: settings.bindAddress }),
    ...(onread === undefined ? {} : { onread }),
  })
  socket.pause() // nothing is read before somebody listens
  return socket
}

export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
