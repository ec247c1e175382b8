import { isIP } from 'node:net'
import { MqttCliError } from '../../errors.ts'
import type { Abortable } from '../abort.ts'
import { errorCode, unresolvable } from './connect-errors.ts'
import { withinDeadline } from './within-deadline.ts'

export interface Address {
  readonly ip: string
  readonly family: 4 | 6
}

/** What `localhost` means needs no resolver (RFC 6761 §6.3), and asking one costs a one-shot publish 7 ms. */
const loopback: readonly Address[] = [
  { ip: '127.0.0.1', family: 4 },
  { ip: '::1', family: 6 },
]

/** Where a host may be reached, in the order to try, only addresses that `bindAddress` can reach. */
export async function addressesOf(
  host: string,
  bindAddress: string | undefined,
  deadline: Abortable,
): Promise<readonly Address[]> {
  const all = await allAddressesOf(host, deadline)
  return bindAddress === undefined ? alternateFamilies(all) : sameFamily(all, host, bindAddress)
}

async function allAddressesOf(host: string, deadline: Abortable): Promise<readonly Address[]> {
  const family = familyOf(host)
  if (family !== 0) return [{ ip: host, family }]
  return host.toLowerCase() === 'localhost' ? loopback : await lookUp(host, deadline)
}

async function lookUp(host: string, deadline: Abortable): Promise<readonly Address[]> {
  const { lookup } = await import('node:dns/promises')
  try {
    const found = await withinDeadline(lookup(host, { all: true }), deadline)
    return found.map(({ address, family }) => ({ ip: address, family: family === 6 ? 6 : 4 }))
  } catch (error) {
    if (error instanceof MqttCliError) throw error
    throw unresolvable(host, errorCode(error), error)
  }
}

/**
 * The resolver's order within a family, the families taking turns (RFC 8305 §4): four dead IPv6 addresses in front
 * must not use up the time of the one IPv4 address that works.
 */
export function alternateFamilies(addresses: readonly Address[]): readonly Address[] {
  if (addresses.every(({ family }) => family === addresses[0]?.family)) return addresses
  const first = addresses.filter((address) => address.family === addresses[0]?.family)
  const second = addresses.filter((address) => address.family !== addresses[0]?.family)
  const turns = Array.from({ length: Math.max(first.length, second.length) }, (_, turn) => [first[turn], second[turn]])
  return turns.flat().filter((address) => address !== undefined)
}

function sameFamily(addresses: readonly Address[], host: string, bindAddress: string): readonly Address[] {
  const family = familyOf(bindAddress)
  if (family === 0) {
    throw new MqttCliError('usage', `the address to bind must be an IP address of this machine, not "${bindAddress}"`, {
      tries: ['name the IP address: `ip addr` lists those of this machine'],
    })
  }
  const reachable = addresses.filter((address) => address.family === family)
  if (reachable.length > 0) return reachable
  throw new MqttCliError('unreachable', `${host} has no IPv${family} address, and ${bindAddress} can reach no other`, {
    layer: 'DNS',
    causes: [`the address to bind is IPv${family}; all that ${host} has is IPv${family === 4 ? 6 : 4}`],
    tries: ['bind to an address of the other family, or leave it out'],
    facts: { host, bindAddress },
  })
}

const looksLikeAddress = /^[\d.]+$|:/

/** A name is told from an address without node's expression for IPv6, which takes 4 ms to compile. */
function familyOf(host: string): 0 | 4 | 6 {
  if (!looksLikeAddress.test(host)) return 0
  const family = isIP(host)
  return family === 4 || family === 6 ? family : 0
}
