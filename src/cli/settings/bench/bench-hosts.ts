import { isIP } from 'node:net'
import type { Target } from '../../../connection/settings.ts'
import { usageError } from '../../usage-error.ts'
import { listedUrls } from '../../values/broker-url.ts'
import type { BenchInput } from '../command-input.ts'
import { asked, isTyped, read, saidAs } from '../input.ts'
import { type Destination, destination } from '../target.ts'

/** Every broker of a load. The first one's URL has the login of all. */
type Destinations = readonly [first: Destination, ...others: Destination[]]

/** `-h a,b:1884` and `-L mqtt://a,mqtt://b`: as one host each, by the same rules. */
export function destinations(input: BenchInput): Destinations {
  const [name] = asked(input, ['url', 'unix', 'host'])
  const entries = name === 'host' ? hostInputs(input) : name === 'url' ? urlInputs(input) : [input]
  const [first = destination(input), ...others] = entries.map(destination)
  for (const { url } of others) {
    const { username = first.url?.username, password = first.url?.password } = url ?? {}
    if (username === first.url?.username && password === first.url?.password) continue
    throw usageError('the URLs have different logins, and all clients have one', 'use --credentials for several users')
  }
  return [first, ...others]
}

/** A port of its own goes before -p, which is for all. */
function hostInputs(input: BenchInput): BenchInput[] {
  const list = input.flags.host ?? ''
  return list.split(',').map((entry) => {
    const { host, port = input.flags.port } = hostAndPort(entry.trim())
    if (host === '')
      throw usageError(
        `${saidAs(input, 'host')}: ${JSON.stringify(list)} names no host at one place`,
        'write it as a,b:1884',
      )
    return { ...input, flags: { ...input.flags, host, ...(port !== undefined && { port }) } }
  })
}

/** A bare IPv6 address has colons of its own, and no port. */
function hostAndPort(entry: string): { readonly host: string; readonly port?: string } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? []
  const host = bracketed ?? plain ?? entry
  return port === undefined ? { host } : { host, port }
}

function urlInputs(input: BenchInput): BenchInput[] {
  const urls = listedUrls(input.flags.url ?? '')
  return urls.map((url) => ({ ...input, flags: { ...input.flags, url } }))
}

/** `--ifaddr a,b`: the addresses of this machine that connections leave from, in turn. */
export function localAddresses(input: BenchInput, targets: readonly Target[]): readonly string[] {
  const addresses = read(input, 'ifaddr', addressList) ?? []
  if (addresses.length === 0) return addresses
  if (isTyped(input, 'bind-address')) {
    throw usageError('--ifaddr and --bind-address both say where connections leave from', 'leave one of them out')
  }
  if (targets.every(({ transport }) => transport === 'unix')) {
    throw usageError('--ifaddr has no use on a unix socket', 'leave it out')
  }
  return addresses
}

function addressList(text: string, flag: string): readonly string[] {
  const addresses = text.split(',').map((each) => each.trim())
  const wrong = addresses.find((each) => isIP(each) === 0)
  if (wrong === undefined) return addresses
  throw usageError(
    `${flag}: ${JSON.stringify(wrong)} is no IP address`,
    'name addresses of this machine, as 192.0.2.1,192.0.2.2: `ip addr` lists them',
  )
}
