import { topicFilterProblem } from '../../protocol/topic-filter.ts'
import type { brokerFlags } from '../flags/broker.ts'
import type { FlagValues } from '../flags/flag.ts'
import { usageError } from '../usage-error.ts'
import { type UserDenialWords, userDenial } from '../values/broker/user-denial.ts'
import { webOrigin } from '../values/broker/web-origin.ts'
import { portNumber } from '../values/broker-url.ts'
import { byteSize } from '../values/byte-size.ts'
import { integer } from '../values/integer.ts'
import { isLoopback } from '../values/listen-address.ts'
import { asked, type Input, read, readList } from './input.ts'
import { type Reporting, reporting } from './output.ts'

type BrokerInput = Input<FlagValues<typeof brokerFlags>>

export interface BrokerCommandSettings extends Reporting {
  readonly host: string
  readonly port: number
  readonly webSocketPort?: number
  /** On every port. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile?: string }
  readonly passwordFile?: string
  readonly deny: readonly string[]
  readonly denyUser: readonly UserDenialWords[]
  readonly webSocketOrigins: readonly string[]
  readonly limits: BrokerLimitSettings
  readonly isVerbose: boolean
  readonly notes: readonly string[]
}

/** What the user set; the rest has its default. */
interface BrokerLimitSettings {
  /** Bytes. */
  readonly maximumPacketSize?: number
  /** Bytes. */
  readonly memoryBytes?: number
  readonly connections?: number
  readonly sessions?: number
  readonly filters?: number
}

const smallestMemoryBytes = 8 * 1024 * 1024
const largestMemoryBytes = 1024 ** 4
const largestCount = 10_000_000
const largestPacketBytes = 268_435_460
const plainPort = 1883
const tlsPort = 8883

export function brokerSettingsFrom(given: BrokerInput): BrokerCommandSettings {
  const input: BrokerInput = { ...given, environmentOwner: 'broker' }
  const { flags, words } = input
  if (words.length > 0)
    throw usageError(`broker takes no words: ${JSON.stringify(words[0])}`, '--help lists the options')
  const host = flags.bind ?? '127.0.0.1'
  const tls = tlsOf(input)
  const webSocketPort = read(input, 'ws-port', ownPort)
  const passwordFile = flags['password-file']
  return {
    host,
    port: read(input, 'port', ownPort) ?? (tls === undefined ? plainPort : tlsPort),
    ...(webSocketPort !== undefined && { webSocketPort }),
    ...(tls !== undefined && { tls }),
    ...(passwordFile !== undefined && { passwordFile }),
    deny: readList(input, 'deny', filter),
    denyUser: readList(input, 'deny-user', userDenial),
    webSocketOrigins: readList(input, 'ws-origin', webOrigin),
    limits: limitsOf(input),
    isVerbose: flags.verbose === true,
    ...reporting(input),
    notes: openNotes(host, passwordFile, tls),
  }
}

function tlsOf(input: BrokerInput): BrokerCommandSettings['tls'] {
  const { cert, key, cafile } = input.flags
  const [first] = asked(input, ['tls', 'cert', 'key', 'cafile'])
  if (first === undefined) return undefined
  if (cert === undefined || key === undefined) {
    throw usageError('a broker that speaks TLS needs both --cert and --key', 'name both files, in PEM')
  }
  return { certFile: cert, keyFile: key, ...(cafile !== undefined && { caFile: cafile }) }
}

/** 0 takes a free one. */
function ownPort(text: string, saidAs: string): number {
  return portNumber(text, saidAs, 0)
}

function limitsOf(input: BrokerInput): BrokerLimitSettings {
  const given = {
    maximumPacketSize: read(input, 'max-packet-size', (text, saidAs) => byteSize(text, saidAs, largestPacketBytes)),
    memoryBytes: read(input, 'memory-limit', memorySize),
    connections: read(input, 'max-connections', count),
    sessions: read(input, 'max-sessions', count),
    filters: read(input, 'max-filters', count),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function memorySize(text: string, saidAs: string): number {
  const bytes = byteSize(text, saidAs, largestMemoryBytes)
  if (bytes >= smallestMemoryBytes) return bytes
  throw usageError(`${saidAs} is too small: ${text}`, 'give 8MiB or more')
}

function count(text: string, saidAs: string): number {
  return integer(text, saidAs, { minimum: 1, maximum: largestCount })
}

function filter(text: string, saidAs: string): string {
  const problem = topicFilterProblem(text)
  if (problem === undefined) return text
  throw usageError(`${saidAs}: ${problem.message} ${problem.rule}`, "give a topic filter, as in --deny 'secret/#'")
}

/** Beyond this machine a trial broker has more company than its user may think. */
function openNotes(
  host: string,
  passwordFile: string | undefined,
  tls: BrokerCommandSettings['tls'],
): readonly string[] {
  if (isLoopback(host)) return []
  if (passwordFile === undefined && tls?.caFile === undefined) {
    return [
      `everybody who reaches ${host} can publish and subscribe here; --password-file or --cafile lets in only some`,
    ]
  }
  const inTheClear = tls === undefined ? ', and passwords cross the network in the clear; --tls hides them' : ''
  return [`this broker listens beyond this machine, on ${host}${inTheClear}`]
}
