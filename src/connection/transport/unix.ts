import { connect, type Socket } from 'node:net'
import type { MqttCliError } from '../../errors.ts'
import type { Abortable } from '../abort.ts'
import { monotonicMicroseconds } from '../clock.ts'
import { ReusedBufferSource } from './byte-source.ts'
import { lostConnection, unreachable } from './connect-errors.ts'
import { SocketTransport } from './socket-transport.ts'
import type { TransportOpened } from './transport.ts'

export async function openUnix(path: string, deadline: Abortable, readBuffer?: Buffer): Promise<TransportOpened> {
  const beganMicroseconds = monotonicMicroseconds()
  const source = new ReusedBufferSource(readBuffer)
  const socket = connect({ path, onread: source.onread })
  socket.pause() // nothing is read before somebody listens
  await connected(socket, path, deadline)
  source.readFrom(socket)
  const description = `unix ${path}`
  const transport = new SocketTransport(socket, source, description, explain, socket)
  return { transport, timings: { tcpMicroseconds: monotonicMicroseconds() - beganMicroseconds } }
}

function explain(description: string, error: Error): MqttCliError {
  return lostConnection('unix socket', description, error)
}

function connected(socket: Socket, path: string, deadline: Abortable): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      socket.destroy()
      reject(deadline.reason)
    }
    const onError = (error: Error) => {
      deadline.removeEventListener('abort', onAbort)
      reject(unreachable(path, [{ at: 'unix socket', error }]))
    }
    deadline.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.once('connect', () => {
      deadline.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      resolve()
    })
  })
}
