import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

/** Any origin, and any host. */
const anything = '*'

/**
 * Which web pages may use a WebSocket port. A browser connects wherever a page tells it to, also to the port that
 * listens on loopback, and says in `Origin` which page it was. `Host` tells a page that had its own name lead to us (DNS
 * rebinding): an address cannot be bent like that, a name can.
 */
export class WebOrigins {
  readonly #allowed: ReadonlySet<string>
  readonly #allowedHosts: ReadonlySet<string>

  /** `listening` is the address that the port was opened on; `allowed` are origins such as `https://app.example`. */
  constructor(listening: string, allowed: readonly string[]) {
    const isLoopback = isThisMachine(listening)
    const hosts = allowed.flatMap((origin) => hostOfOrigin(origin) ?? [])
    this.#allowed = new Set(allowed.map((origin) => origin.toLowerCase().replace(/\/$/, '')))
    this.#allowedHosts = new Set([...hosts, ...(isLoopback ? [] : [listening, hostname()])].map(lower))
  }

  /** Why an upgrade with these headers is refused, if it is. */
  refusal({ host, origin }: IncomingHttpHeaders): string | undefined {
    if (this.#allowed.has(anything)) return undefined
    const name = hostOf(host ?? '')
    if (!isAddress(name) && !isThisMachine(name) && !this.#allowedHosts.has(name)) {
      return `it asks for the host ${JSON.stringify(host ?? '')}, which is not an address of this machine`
    }
    if (origin === undefined || this.#allowed.has(origin.toLowerCase())) return undefined
    const from = hostOfOrigin(origin)
    if (from !== undefined && (isThisMachine(from) || from === name)) return undefined
    return `it comes from a web page of ${JSON.stringify(origin)}`
  }
}

function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? bare(new URL(origin).hostname) : undefined
}

function hostOf(header: string): string {
  const url = `http://${header}`
  return URL.canParse(url) ? bare(new URL(url).hostname) : ''
}

function bare(name: string): string {
  return name.replace(/^\[|\]$/g, '').toLowerCase()
}

function isAddress(name: string): boolean {
  return isIP(name) !== 0
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name === '::1' || (name.startsWith('127.') && isAddress(name))
}

function lower(name: string): string {
  return name.toLowerCase()
}
