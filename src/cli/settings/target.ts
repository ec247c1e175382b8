import type { Target } from '../../connection/settings.ts'
import type { connectionFlags } from '../flags/connection.ts'
import type { FlagValues } from '../flags/flag.ts'
import type { tlsFlags } from '../flags/tls.ts'
import { usageError } from '../usage-error.ts'
import { type BrokerUrl, brokerUrl, portNumber, type Transport } from '../values/broker-url.ts'
import { hostName } from '../values/host-name.ts'
import { httpHeader } from '../values/http-header.ts'
import { asked, type Input, isTyped, read, readList } from './input.ts'
import { isTlsAsked } from './tls.ts'

type TargetInput = Input<FlagValues<typeof connectionFlags & typeof tlsFlags>>

/** Where to go, and what else a URL says. */
export interface Destination {
  readonly target: Target
  readonly embedded: boolean
  readonly url?: BrokerUrl
}

const defaultPorts = { tcp: 1883, tls: 8883, ws: 80, wss: 443 }

/** Flag before environment before default. A typed place sets MQTT_CLI_URL aside whole, its login included. */
export function destination(input: TargetInput): Destination {
  const embedded = input.flags.embedded === true
  const [place] = places(input, embedded)
  const url = place === 'url' ? read(input, 'url', brokerUrl) : undefined
  const target = place === 'unix' ? unixTarget(input.flags.unix ?? '') : networkTarget(input, url)
  refuseUnused(input, target)
  return { target, embedded, ...(url && { url }) }
}

/** One of -L, -h and --unix. What is typed together contradicts; in the environment the URL comes first. */
function places(input: TargetInput, embedded: boolean) {
  const typed = (['url', 'unix', 'host'] as const).filter((name) => isTyped(input, name))
  const portTyped = isTyped(input, 'port')
  if (typed.length > 1 || (portTyped && (typed[0] === 'url' || typed[0] === 'unix'))) {
    const names = [...typed, ...(portTyped ? ['port'] : [])].map((name) => `--${name}`)
    throw usageError(
      `${names.join(' and ')} both say where the broker is`,
      'give the URL, the socket, or host and port',
    )
  }
  if (embedded && isTyped(input, 'embedded') && (typed.length > 0 || portTyped)) {
    throw usageError('--embedded starts a broker of its own, and another one is named too', 'leave one of them out')
  }
  return asked(input, ['url', 'unix', 'host'])
}

function networkTarget(input: TargetInput, url: BrokerUrl | undefined): Target {
  const transport = networkTransport(input, url)
  if (transport === 'unix') return unixTarget(url?.path ?? '')
  const host = url?.host ?? read(input, 'host', hostName) ?? 'localhost'
  const typedPort = url === undefined || isTyped(input, 'port') ? read(input, 'port', portNumber) : undefined
  const port = typedPort ?? url?.port ?? defaultPorts[transport]
  if (transport === 'tcp' || transport === 'tls') return { transport, host, port }
  return { transport, host, port, path: webSocketPath(input, url), headers: webSocketHeaders(input) }
}

function networkTransport(input: TargetInput, url: BrokerUrl | undefined): Transport {
  const tls = isTlsAsked(input)
  if (url !== undefined) {
    if (isTyped(input, 'ws') && !url.transport.startsWith('ws')) {
      throw usageError('--ws and an MQTT URL contradict', 'write the URL with ws:// or wss://')
    }
    return tls && url.transport === 'tcp' ? 'tls' : tls && url.transport === 'ws' ? 'wss' : url.transport
  }
  if (input.flags.ws === true) return tls ? 'wss' : 'ws'
  return tls || input.flags.port === '8883' ? 'tls' : 'tcp' // 8883 alone means TLS, as in mosquitto's clients
}

function unixTarget(path: string): Target {
  if (path === '') throw usageError('--unix names no socket', 'write it as --unix /run/mosquitto.sock')
  return { transport: 'unix', path }
}

function webSocketPath(input: TargetInput, url: BrokerUrl | undefined): string {
  const path = (isTyped(input, 'ws-path') ? undefined : url?.path) ?? input.flags['ws-path'] ?? '/mqtt'
  return path.startsWith('/') ? path : `/${path}`
}

function webSocketHeaders(input: TargetInput): Readonly<Record<string, string>> {
  return Object.fromEntries(readList(input, 'ws-header', httpHeader))
}

const webSocketOnly = ['ws-path', 'ws-header'] as const
const tlsOnly = [
  'tls',
  'cafile',
  'capath',
  'cert',
  'key',
  'keypw',
  'insecure',
  'tls-version',
  'ciphers',
  'tls-alpn',
  'tls-sni',
] as const

/** A typed flag that would do nothing is a mistake: `--insecure` alone would send a password in the clear. */
function refuseUnused(input: TargetInput, { transport }: Target): void {
  const [idle] = transport === 'ws' || transport === 'wss' ? [] : webSocketOnly.filter((name) => isTyped(input, name))
  if (idle !== undefined) throw usageError(`--${idle} is for WebSocket only`, 'add --ws, or give a ws:// or wss:// URL')
  const [plain] = transport === 'tls' || transport === 'wss' ? [] : tlsOnly.filter((name) => isTyped(input, name))
  if (plain === undefined) return
  if (transport === 'unix') throw usageError(`--${plain} has no use on a unix socket`, 'leave it out')
  throw usageError(
    `--${plain} needs TLS, and this connection has none`,
    'add --tls or --cafile, or give an mqtts:// URL',
  )
}
