import type { IncomingMessage } from 'node:http'
import { type ErrorDetails, MqttCliError } from '../../errors.ts'
import type { Conceal } from '../../protocol/conceal.ts'
import { errorCode } from './connect-errors.ts'

const LOOK_AT_PATH = 'check the path: most brokers use /mqtt, some /'

const CAUSES_BY_STATUS: Readonly<Record<number, Pick<ErrorDetails, 'causes' | 'tries'>>> = {
  400: { causes: ['the server does not take WebSocket here'], tries: [LOOK_AT_PATH] },
  401: {
    causes: ['the server wants to know who you are before it takes a WebSocket'],
    tries: [{ try: 'web-socket-headers' }],
  },
  403: {
    causes: ['the server refuses this path, origin or address'],
    tries: [LOOK_AT_PATH, { try: 'web-socket-headers' }],
  },
  404: { causes: ['there is nothing at that path'], tries: [LOOK_AT_PATH] },
  426: { causes: ['the server wants another protocol or version'], tries: [LOOK_AT_PATH] },
  502: { causes: ['a proxy answers, and the broker behind it does not'], tries: ['check that the broker runs'] },
  503: { causes: ['the server is overloaded, or the broker behind it does not run'], tries: ['try again later'] },
}

const REDIRECTED = {
  causes: ['the server sends you elsewhere; nothing is followed unasked'],
  tries: ['connect to the address that it names'],
}
const OTHER_STATUS = { causes: ['this is a web server, not a broker'], tries: [LOOK_AT_PATH, 'check the port'] }

/** The server answered in HTTP, and not by switching to WebSocket. */
export function answeredByStatus(url: string, response: IncomingMessage, conceal: Conceal): MqttCliError {
  const status = response.statusCode ?? 0
  const { location } = response.headers
  const advice = status >= 300 && status < 400 ? REDIRECTED : (CAUSES_BY_STATUS[status] ?? OTHER_STATUS)
  return unreachable(
    `the server did not switch to WebSocket: ${url} (HTTP ${status} ${conceal(response.statusMessage ?? '')})`,
    {
      ...advice,
      facts: { url, status, ...(location !== undefined && { location: conceal(location) }) },
    },
  )
}

/** Before the answer, in it, or because of it. */
export function upgradeFailed(
  url: string,
  answer: IncomingMessage | undefined,
  error: Error,
  conceal: Conceal,
): MqttCliError {
  if (answer === undefined) return noAnswer(url, error)
  const chosen = answer.headers['sec-websocket-protocol']
  const subprotocol = chosen === undefined ? undefined : conceal(chosen)
  if (subprotocol !== 'mqtt') return wrongSubprotocol(url, subprotocol, error)
  return unreachable(`the server's answer to the WebSocket upgrade is not valid: ${url}`, {
    causes: [conceal(error.message)],
    tries: ['check what stands between here and the broker: proxies break WebSocket'],
    facts: { url },
    cause: error,
  })
}

// [MQTT-6.0.0-3] the client offers "mqtt"; [MQTT-6.0.0-4] the server selects it.
function wrongSubprotocol(url: string, subprotocol: string | undefined, cause: Error): MqttCliError {
  const chosen = subprotocol === undefined ? 'no subprotocol' : `the subprotocol "${subprotocol}"`
  return unreachable(`the server chose ${chosen} in place of "mqtt" [MQTT-6.0.0-4]: ${url}`, {
    causes: ['a WebSocket service that is not MQTT answers at that path'],
    tries: [LOOK_AT_PATH],
    facts: { url, subprotocol: subprotocol ?? null },
    cause,
  })
}

function noAnswer(url: string, error: Error): MqttCliError {
  const code = errorCode(error)
  const notHttp = code.startsWith('HPE_')
  const what = notHttp ? 'what listens there does not speak HTTP' : 'the other side closed without an answer'
  return unreachable(`${what}: ${url} (${code})`, {
    causes: ['the port is for plain MQTT or for TLS'],
    tries: ['connect with mqtt:// in place of ws://, wss:// in place of ws://, or to the WebSocket port'],
    facts: { url, code },
    cause: error,
  })
}

/** An open WebSocket broke the rules of its own framing (RFC 6455). */
export function brokenFraming(description: string, error: Error): MqttCliError {
  return new MqttCliError('protocol', `the server broke the WebSocket protocol: ${description} (${errorCode(error)})`, {
    layer: 'WebSocket',
    causes: [error.message],
    tries: ['check what stands between here and the broker: proxies break WebSocket'],
    facts: { code: errorCode(error) },
    cause: error,
  })
}

export function textFrame(description: string): MqttCliError {
  return new MqttCliError('protocol', `the server sent a text frame: ${description}`, {
    layer: 'WebSocket',
    statement: '[MQTT-6.0.0-1]',
    causes: ['what answers there is a WebSocket service, but not MQTT'],
    tries: [LOOK_AT_PATH],
  })
}

/** The server's closing handshake named a reason other than an ordinary end. */
export function closedWithCode(description: string, code: number, reason: string): MqttCliError {
  return new MqttCliError(
    'lost',
    `the server closed the WebSocket: ${description} (${code}${reason && ` ${reason}`})`,
    {
      layer: 'WebSocket',
      tries: ['look at the log of the broker: it may say why it dropped this client'],
      facts: { code, reason },
    },
  )
}

function unreachable(message: string, details: MqttCliError['details']): MqttCliError {
  return new MqttCliError('unreachable', message, { layer: 'WebSocket', ...details })
}
