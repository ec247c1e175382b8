import type { Target } from '../../connection/settings.ts'
import { usageError } from '../usage-error.ts'
import { integer } from './integer.ts'

export type Transport = Target['transport']

/** A URL taken apart. The path means a topic to MQTT schemes and a resource to WebSocket ones. */
export interface BrokerUrl {
  readonly transport: Transport
  /** Empty for a unix socket. */
  readonly host: string
  readonly port?: number
  readonly username?: string
  readonly password?: string
  /** mqtt and mqtts: what follows the host, percent-decoded; the topic. */
  readonly topic?: string
  /** ws and wss: path and query as they were; unix: the socket, percent-decoded. */
  readonly path?: string
}

const transports: ReadonlyMap<string, Transport> = new Map([
  ['mqtt', 'tcp'],
  ['tcp', 'tcp'],
  ['mqtts', 'tls'],
  ['ssl', 'tls'],
  ['tls', 'tls'],
  ['ws', 'ws'],
  ['wss', 'wss'],
  ['unix', 'unix'],
])

/** Scheme, user information, host with port, and the rest. The last @ before the path ends the user information. */
const shape = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/]*)@)?(\[[^\]/]*\]|[^:/?@[\]]*)(?::([^/?]*))?([/?].*)?$/is

/** `mqtt://a,mqtt://b`: a comma with a scheme behind it begins the next one. */
export function listedUrls(text: string): readonly string[] {
  return text.split(/,\s*(?=[a-z][a-z0-9+.-]*:\/\/)/i)
}

/** Errors show the URL with its user information masked, or not at all where it has no shape to mask. */
export function brokerUrl(text: string, flag: string): BrokerUrl {
  const match = shape.exec(text)
  if (match === null) throw notAUrl(flag)
  const [, scheme = '', user, host = '', port, rest = ''] = match
  const transport = transports.get(scheme.toLowerCase())
  if (transport === undefined) throw unknownScheme(flag, scheme)
  const login = userInformation(user, flag)
  if (transport === 'unix') return { transport, host: '', ...login, path: socketPath(`${host}${rest}`, flag) }
  if (host === '' || host === '[]') throw usageError(`${flag} names no host: ${maskUserInformation(text)}`, example)
  return {
    transport,
    host: host.startsWith('[') ? bareAddress(host) : decode(host, flag),
    ...(port === undefined ? {} : { port: urlPort(port, flag) }),
    ...login,
    ...restOf(transport, rest, flag),
  }
}

/** `[fe80::1%25lo]`, as RFC 6874 has it, and `[fe80::1%lo]`, as people type it. */
function bareAddress(bracketed: string): string {
  return bracketed.slice(1, -1).replace('%25', '%')
}

const example = 'write it as mqtt://[user[:password]@]host[:port][/topic]'

/** `-p` and `-P` differ by one key: what is no number there may be a password, and is not repeated. */
export function portNumber(text: string, flag: string, minimum: 0 | 1 = 1): number {
  if (/^\d+$/.test(text)) return integer(text, flag, { minimum, maximum: 65_535 })
  throw usageError(
    `${flag} is no port (its text is not shown: it may be a password)`,
    `give a port from ${minimum} to 65535`,
    '-P, in capitals, is the password',
  )
}

/** What stands where the port should may be half a password with a slash in it: it is not repeated. */
function urlPort(text: string, flag: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw usageError(
    `${flag} has no port number after the colon (its text is not shown: it may hold a password)`,
    'give a port from 1 to 65535',
    'inside a user name or password write / as %2F, @ as %40, : as %3A, ? as %3F and % as %25',
  )
}

/** The same for every URL in a text, whoever wrote it: an error of a library may name one. */
export function maskLogins(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi, '$1***@')
}

/** `mqtt://user:secret@host` → `mqtt://***@host`. */
export function maskUserInformation(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/is, '$1***@')
}

function userInformation(user: string | undefined, flag: string): Pick<BrokerUrl, 'username' | 'password'> {
  if (user === undefined) return {}
  const colon = user.indexOf(':')
  if (colon === -1) return { username: decode(user, flag) }
  return { username: decode(user.slice(0, colon), flag), password: decode(user.slice(colon + 1), flag) }
}

function restOf(transport: Transport, rest: string, flag: string): Pick<BrokerUrl, 'topic' | 'path'> {
  if (transport === 'ws' || transport === 'wss') return rest === '' ? {} : { path: rest.replace(/^\?/, '/?') }
  const topic = decode(rest.replace(/^\//, ''), flag)
  return topic === '' ? {} : { topic }
}

function socketPath(text: string, flag: string): string {
  if (text === '') throw usageError(`${flag} names no socket`, 'write it as unix:///run/mosquitto.sock')
  return decode(text, flag)
}

function decode(text: string, flag: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw usageError(
      `${flag} holds a % that is not followed by two hexadecimal digits of UTF-8`,
      'write a % itself as %25',
    )
  }
}

function notAUrl(flag: string): Error {
  return usageError(`${flag} is not a URL (its text is not shown: it may hold a password)`, example)
}

function unknownScheme(flag: string, scheme: string): Error {
  return usageError(`${flag} has an unknown scheme: ${scheme}`, 'use mqtt, mqtts, ws, wss or unix')
}
