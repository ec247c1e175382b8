import { readFile } from 'node:fs/promises'
import type { BenchSettings } from '../settings.ts'
import { availableMemory, type ReadText } from './available-memory.ts'
import { memoryNeeded } from './memory-needed.ts'

/** Descriptors that the process needs beside its connections. */
const ownDescriptors = 40

/** What of this machine a run would run out of. Linux tells; elsewhere nobody asks. */
export async function preflightNotes(settings: BenchSettings, read: ReadText = readText): Promise<string[]> {
  const connections = settings.connections + settings.publishers + settings.subscribers
  const [limits, ports, availableBytes] = await Promise.all([
    read('/proc/self/limits'),
    read('/proc/sys/net/ipv4/ip_local_port_range'),
    availableMemory(read),
  ])
  return [
    ...descriptorNotes(connections, limits),
    ...portNotes(connections, settings, ports),
    ...memoryNotes(connections, memoryNeeded(settings), availableBytes),
  ]
}

function descriptorNotes(connections: number, limits: string): string[] {
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  if (connections + ownDescriptors <= descriptors) return []
  return [
    `${connections} connections, and this process may open ${descriptors} files and sockets: raise it with ulimit -n`,
  ]
}

/** Each broker's address has all ports; a local address that is bound gives each of its ports away once. */
function portNotes(connections: number, { clients, connection }: BenchSettings, range: string): string[] {
  const { targets = [connection.target], localAddresses = [] } = clients
  if (range === '' || targets.every(({ transport }) => transport === 'unix')) return []
  const [lowest = 0, highest = 0] = range.trim().split(/\s+/).map(Number)
  const bound = connection.bindAddress === undefined ? localAddresses.length : 1
  const places = bound > 0 ? bound : targets.length
  const ports = places * (highest - lowest + 1)
  if (connections <= ports) return []
  const where = places === 1 ? 'one address' : `${places} addresses`
  return [
    `${connections} connections, and this machine has ${ports} local ports for ${where}: widen net.ipv4.ip_local_port_range, or name more local addresses with --ifaddr`,
  ]
}

function memoryNotes(connections: number, neededBytes: number, availableBytes: number): string[] {
  if (neededBytes <= availableBytes) return []
  const inMegabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
  return [
    `${connections} connections of this kind take about ${inMegabytes(neededBytes)} of memory, and this process may have ${inMegabytes(availableBytes)}: fewer clients, or a smaller window with --inflight`,
  ]
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
