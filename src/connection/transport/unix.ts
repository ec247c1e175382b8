import { connect, type Socket } from 'node:net'
import { MqttCliError } from '../../errors.ts'
import type { Abortable } from '../abort.ts'
import { monotonicMicroseconds } from '../clock.ts'
import { pause } from '../waiting.ts'
import { ReusedBufferSource } from './byte-source.ts'
import { lostConnection, unreachable } from './connect-errors.ts'
import { SocketTransport } from './socket-transport.ts'
import type { TransportOpened } from './transport.ts'

const firstWaitMs = 5
const longestWaitMs = 100

export async function openUnix(path: string, deadline: Abortable, readBuffer?: Buffer): Promise<TransportOpened> {
  const beganMicroseconds = monotonicMicroseconds()
  const source = new ReusedBufferSource(readBuffer)
  const socket = await connectPatiently(path, source, deadline)
  source.readFrom(socket)
  const description = `unix ${path}`
  const transport = new SocketTransport(socket, source, description, explain, socket)
  return { transport, timings: { tcpMicroseconds: monotonicMicroseconds() - beganMicroseconds } }
}

function explain(description: string, error: Error): MqttCliError {
  return lostConnection('unix socket', description, error)
}

/**
 * Where TCP sends its SYN again to a listener whose queue is full, a unix socket says EAGAIN at once: 'later', not 'no'.
 * Each waits a little longer than before, and not all of a thousand equally long.
 */
async function connectPatiently(path: string, source: ReusedBufferSource, deadline: Abortable): Promise<Socket> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    const socket = connect({ path, onread: source.onread })
    socket.pause() // nothing is read before somebody listens
    try {
      await connected(socket, path, deadline)
      return socket
    } catch (error) {
      if (!isQueueFull(error)) throw error
    }
    await pause(waitMs * (0.5 + Math.random()), deadline)
    deadline.throwIfAborted()
  }
}

function isQueueFull(error: unknown): boolean {
  return error instanceof MqttCliError && error.details.facts?.code === 'EAGAIN'
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
