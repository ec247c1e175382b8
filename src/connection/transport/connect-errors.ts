import { type ErrorDetails, MqttCliError } from '../../errors.ts'

type Advice = Pick<ErrorDetails, 'causes' | 'tries'>

/** Why a connection is not made, by errno, most likely cause first. */
const ADVICE_BY_CODE: Readonly<Record<string, Advice>> = {
  ECONNREFUSED: {
    causes: ['no broker listens on that port', 'it listens on another address of that machine only'],
    tries: [
      'check that the broker runs, and the port: 1883 is usual for MQTT, 8883 for TLS',
      'start one here: mqtt-cli broker',
    ],
  },
  ETIMEDOUT: {
    causes: ['a firewall swallows the packets', 'the machine is down'],
    tries: ['check the address, and that the port is open to this machine'],
  },
  EHOSTUNREACH: {
    causes: ['no machine answers at that address', 'a router or firewall refuses the way'],
    tries: ['check the address, the network and the VPN'],
  },
  ENETUNREACH: {
    causes: ['this machine has no route to that network (no IPv6, no VPN)'],
    tries: ['check the network and the VPN', 'name an address of the other family, IPv4 or IPv6'],
  },
  ECONNRESET: {
    causes: [
      'the other side takes the connection and drops it at once: a proxy or load balancer without a broker behind it',
      'a firewall resets it',
    ],
    tries: ['look at the log of the broker, or of what stands before it'],
  },
  EADDRNOTAVAIL: {
    causes: ['the address to bind does not belong to this machine', 'no local port is left for this destination'],
    tries: ['name an address of this machine: `ip addr` lists them'],
  },
  EADDRINUSE: {
    causes: ['no local port is left for this destination'],
    tries: ['open fewer connections, or bind to several addresses'],
  },
  EMFILE: {
    causes: ['this process may not open more files and sockets'],
    tries: ['raise the limit: ulimit -n', 'open fewer connections'],
  },
  EACCES: {
    causes: ['you have no permission to connect to this socket', 'a firewall rule on this machine refuses it'],
    tries: ['check the permissions of the socket and of its folder'],
  },
  ENOENT: {
    causes: ['there is no socket at that path', 'the broker does not run'],
    tries: ['check the path, and that the broker listens on a unix socket'],
  },
  ENOTSOCK: { causes: ['the file at that path is not a socket'], tries: ['check the path'] },
  ENOTFOUND: {
    causes: ['the name is mistyped', 'no such host is known to the resolver'],
    tries: ['check the name; try the IP address'],
  },
  EAI_AGAIN: {
    causes: ['the name server does not answer', 'this machine is offline'],
    tries: ['check the network and /etc/resolv.conf; try the IP address'],
  },
}

const NO_ADVICE: Advice = { causes: [], tries: ['check the address and the port, and the log of the broker'] }

function adviceFor(code: string): Advice {
  return Object.hasOwn(ADVICE_BY_CODE, code) ? (ADVICE_BY_CODE[code] ?? NO_ADVICE) : NO_ADVICE
}

export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}

export function unresolvable(host: string, code: string, cause: unknown): MqttCliError {
  return new MqttCliError('unreachable', `the name ${host} was not found (${code})`, {
    layer: 'DNS',
    ...adviceFor(code),
    facts: { host, code },
    cause,
  })
}

export interface FailedAttempt {
  readonly at: string
  readonly error: Error
}

/** Every address was tried. The last failure is the most telling one: the resolver puts the preferred family first. */
export function unreachable(target: string, attempts: readonly FailedAttempt[]): MqttCliError {
  const failures = attempts.map(({ at, error }) => ({ address: at, code: errorCode(error) }))
  const last = attempts.at(-1)
  const code = errorCode(last?.error)
  const tried = failures.map((failure) => `${failure.address} ${failure.code}`).join(', ')
  return new MqttCliError('unreachable', `no connection to ${target} (${tried})`, {
    layer: 'TCP',
    ...adviceFor(code),
    facts: { target, code, attempts: failures },
    cause: last?.error,
  })
}

/** An open connection broke. */
export function lostConnection(layer: string, description: string, error: Error): MqttCliError {
  const code = errorCode(error)
  return new MqttCliError('lost', `the connection broke: ${description} (${code})`, {
    layer,
    causes: CAUSES_OF_LOSS[code] ?? [],
    tries: ['look at the log of the broker: it may say why it dropped this client'],
    facts: { code },
    cause: error,
  })
}

const CAUSES_OF_LOSS: Readonly<Record<string, readonly string[]>> = {
  ECONNRESET: ['the broker crashed or was killed', 'the broker, a proxy or a firewall dropped the connection'],
  EPIPE: ['the broker closed the connection while we were sending'],
  ETIMEDOUT: ['the network between here and the broker is gone'],
  EHOSTUNREACH: ['the network between here and the broker is gone'],
}
