import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'
import { MqttCliError } from '../../errors.ts'
import type { Conceal } from '../../protocol/conceal.ts'
import type { Abortable } from '../abort.ts'
import { monotonicMicroseconds } from '../clock.ts'
import { peerWords } from '../peer-words.ts'
import type { Target } from '../settings.ts'
import { connectTcp, hostAndPort } from './tcp.ts'
import { connectTls } from './tls/tls.ts'
import type { TransportMemory, TransportOpened, TransportSettings } from './transport.ts'
import { answeredByStatus, upgradeFailed } from './websocket-errors.ts'
import { WebSocketTransport } from './websocket-transport.ts'

type WebSocketTarget = Extract<Target, { transport: 'ws' | 'wss' }>

/** Both sides name it, or there is no connection. [MQTT-6.0.0-3] [MQTT-6.0.0-4] */
const SUBPROTOCOL = 'mqtt'

/** The largest MQTT packet. A frame may carry several, but no broker gathers more than this before it sends. */
const LARGEST_MESSAGE_BYTES = 268_435_460

/** How long a server may take to hang up after the closing handshake. */
const CLOSING_GRACE_MS = 1000

export async function openWebSocket(
  settings: TransportSettings,
  target: WebSocketTarget,
  deadline: Abortable,
  memory?: TransportMemory,
): Promise<TransportOpened> {
  const connecting =
    target.transport === 'wss' ? connectTls(settings, target, deadline, memory) : connectTcp(settings, target, deadline)
  const { socket, beganMicroseconds, timings } = await connecting
  const conceal = peerWords(settings)
  const websocket = await upgrade(socket, target, deadline, conceal)
  const websocketMicroseconds = monotonicMicroseconds() - beganMicroseconds
  return {
    transport: new WebSocketTransport(websocket, socket, { description: shownUrl(target), conceal }, CLOSING_GRACE_MS),
    timings: { ...timings, websocketMicroseconds },
  }
}

function upgrade(socket: Socket, target: WebSocketTarget, deadline: Abortable, conceal: Conceal): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined
    const websocket = startUpgrade(socket, target)
    const fail = (reason: unknown) => {
      deadline.removeEventListener('abort', onAbort)
      websocket.on('error', () => {}).terminate()
      socket.on('error', () => {}).destroy()
      reject(reason)
    }
    const onAbort = () => fail(deadline.reason)
    const onError = (error: Error) => fail(upgradeFailed(shownUrl(target), answer, error, conceal))
    deadline.addEventListener('abort', onAbort, { once: true })
    if (deadline.aborted) return onAbort()
    websocket.once('upgrade', (response: IncomingMessage) => {
      answer = response
    })
    websocket.once('unexpected-response', (_: ClientRequest, response: IncomingMessage) =>
      fail(answeredByStatus(shownUrl(target), response, conceal)),
    )
    websocket.once('error', onError)
    websocket.once('open', () => {
      deadline.removeEventListener('abort', onAbort)
      websocket.off('error', onError)
      websocket.pause() // what came with the server's answer waits for somebody to listen
      resolve(websocket)
    })
  })
}

function startUpgrade(socket: Socket, target: WebSocketTarget): WebSocket {
  const options: ClientOptions & { closeTimeout: number } = {
    headers: target.headers,
    perMessageDeflate: false, // compressing small binary packets costs more than it saves
    maxPayload: LARGEST_MESSAGE_BYTES,
    closeTimeout: CLOSING_GRACE_MS,
    createConnection: () => socket,
    finishRequest: (request) => {
      request.once('socket', () => socket.resume()) // it was paused until somebody listens, and now the parser does
      request.end()
    },
  }
  try {
    const websocket = new WebSocket(urlOf(target), SUBPROTOCOL, options)
    websocket.binaryType = 'fragments' // what was split over frames is not joined: the gate splits packets anyway
    return websocket
  } catch (error) {
    socket.destroy()
    throw new MqttCliError('usage', `the WebSocket path or a header cannot be sent: ${shownUrl(target)}`, {
      layer: 'WebSocket',
      tries: ['percent-encode the path; header names and values take no control characters'],
      cause: error,
    })
  }
}

/** Without the zone of an IPv6 address: it is this machine's alone, and no URL has one. [RFC 6874 §4] */
function urlOf(target: WebSocketTarget): string {
  const path = target.path.startsWith('/') ? target.path : `/${target.path}`
  const host = target.host.replace(/%.*$/, '')
  return `${target.transport}://${hostAndPort(host, target.port)}${path}`
}

/** Without the query: tokens travel in it. */
function shownUrl(target: WebSocketTarget): string {
  return urlOf(target).replace(/\?.*$/s, '?…')
}
