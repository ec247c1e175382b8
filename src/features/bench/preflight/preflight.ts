import { readdir, readFile, stat } from 'node:fs/promises'
import type { Advice } from '../../../advice.ts'
import { MqttCliError } from '../../../errors.ts'
import { type BenchContext, runNameOf } from '../bench-context.ts'
import type { BenchSettings } from '../settings.ts'
import { availableMemory, type ReadText } from './available-memory.ts'
import { certificateRefusal } from './certificate-files.ts'
import { memoryNeeded } from './memory-needed.ts'

/** What this machine says of itself. */
export interface Machine {
  readonly read: ReadText
  /** Files and sockets that this process has open already. */
  readonly openDescriptors: () => Promise<number>
  readonly isSocket: (path: string) => Promise<boolean>
}

/** Threads of ours have some each, beside their connections. */
const descriptorsOfThread = 6

/**
 * What of this machine a run would run out of, before it begins. Throws kind 'local-io' for what it cannot do at all, and
 * tells what may be too little. Linux says so of itself; elsewhere nobody asks.
 */
export async function preflight(
  { settings, emit, word, runId }: Pick<BenchContext, 'settings' | 'emit' | 'word' | 'runId'>,
  machine = thisMachine,
) {
  const [first] = await preflightRefusals(settings, machine)
  const refusal = first ?? (await certificateRefusal(settings, runNameOf({ runId })))
  if (refusal !== undefined) throw refusal
  for (const note of await preflightNotes(settings, machine)) {
    const text = word(note)
    if (text !== undefined) emit({ event: 'note', text })
  }
}

export async function preflightRefusals(settings: BenchSettings, machine: Machine): Promise<MqttCliError[]> {
  const { read, openDescriptors } = machine
  const connections = connectionsOf(settings)
  const refusals = await Promise.all([
    descriptorRefusal(connections, settings, await read('/proc/self/limits'), await openDescriptors()),
    portRefusal(connections, settings, await read('/proc/sys/net/ipv4/ip_local_port_range')),
    socketRefusal(settings, machine),
  ])
  return refusals.filter((each) => each !== undefined)
}

export async function preflightNotes(settings: BenchSettings, { read }: Machine): Promise<Advice[]> {
  return memoryNotes(connectionsOf(settings), memoryNeeded(settings), await availableMemory(read))
}

function connectionsOf({ connections, publishers, subscribers, mode }: BenchSettings): number {
  return connections + publishers + subscribers + (mode === 'rpc' ? 1 : 0)
}

function descriptorRefusal(connections: number, { workers }: BenchSettings, limits: string, open: number) {
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  const own = open + descriptorsOfThread * (workers === 'auto' ? 1 : workers)
  if (connections + own <= descriptors) return undefined
  return refusal(
    `${connections} connections, and this process may open ${descriptors} files and sockets, of which it needs ${own} itself`,
    'raise the limit of open files: ulimit -n',
  )
}

/** Each broker's address has all ports; a local address that is bound gives each of its ports away once. */
function portRefusal(connections: number, { clients, connection }: BenchSettings, range: string) {
  const { targets = [connection.target], localAddresses = [] } = clients
  if (range === '' || targets.every(({ transport }) => transport === 'unix')) return undefined
  const [lowest = 0, highest = 0] = range.trim().split(/\s+/).map(Number)
  const bound = connection.bindAddress === undefined ? localAddresses.length : 1
  const addresses = bound > 0 ? bound : targets.length
  const ports = addresses * (highest - lowest + 1)
  if (connections <= ports) return undefined
  const where = addresses === 1 ? 'one address' : `${addresses} addresses`
  return refusal(`${connections} connections, and this machine has ${ports} local ports for ${where}`, {
    try: 'more-ports',
  })
}

/** A broker elsewhere may come up meanwhile; the path of a socket is on this machine. */
async function socketRefusal({ clients, connection, isEmbedded }: BenchSettings, { isSocket }: Machine) {
  if (isEmbedded) return undefined
  for (const target of clients.targets ?? [connection.target]) {
    if (target.transport !== 'unix' || (await isSocket(target.path))) continue
    return refusal(
      `There is no unix socket at ${target.path}`,
      'check the path, and that the broker listens on a unix socket there',
    )
  }
  return undefined
}

function refusal(message: string, ...tries: readonly Advice[]): MqttCliError {
  return new MqttCliError('local-io', message, { layer: 'this machine', tries })
}

function memoryNotes(connections: number, neededBytes: number, availableBytes: number): Advice[] {
  if (neededBytes <= availableBytes) return []
  const inMegabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
  const because = `${connections} connections of this kind take about ${inMegabytes(neededBytes)} of memory, and this process may have ${inMegabytes(availableBytes)}`
  return [{ try: 'smaller-window', because }]
}

const thisMachine: Machine = {
  read: (path) => readFile(path, 'utf8').catch(() => ''),
  openDescriptors: async () => (await readdir('/proc/self/fd').catch(() => [])).length,
  isSocket: (path) =>
    stat(path).then(
      (found) => found.isSocket(),
      () => false,
    ),
}
