import type { ConnectionSettings, Target } from '../../../connection/settings.ts'
import type { BenchSettings, ClientPatterns, Load, RunEnd } from '../../../features/bench/settings.ts'
import { usageError } from '../../usage-error.ts'
import { durationMs, positiveDurationMs } from '../../values/duration.ts'
import { integer } from '../../values/integer.ts'
import { placePattern } from '../../values/place-pattern.ts'
import { packetProperties } from '../../values/property-words.ts'
import { qos } from '../../values/qos.ts'
import { ratePerSecond } from '../../values/rate.ts'
import { stages } from '../../values/stages.ts'
import { threshold } from '../../values/threshold.ts'
import { topicFilter } from '../../values/topic.ts'
import type { BenchInput } from '../command-input.ts'
import { connectionSettings, connectionVersion } from '../connection.ts'
import { asked, read, readList } from '../input.ts'
import { strangersAmong } from '../load-consent.ts'
import type { PasswordSource } from '../login.ts'
import { connectionNotes } from '../notes.ts'
import { reconnectSettings } from '../reconnect.ts'
import { destinations, localAddresses } from './bench-hosts.ts'
import { sessionNotes } from './bench-notes.ts'
import { filterPattern, refusePartOfChance, topicPattern, willTopicPattern } from './bench-patterns.ts'
import { type PayloadSource, payloadSettings } from './bench-payload.ts'
import { firstNumber, rendezvousSettings, runSettings } from './bench-shards.ts'
import { clearsRetained, disturbances, observations, slowCount, slowSubscribers } from './bench-watch.ts'

/** Where else the result goes, by path. */
export interface BenchFiles {
  readonly csv?: string
  readonly hdr?: string
  readonly junit?: string
  readonly report?: string
  /** A folder. */
  readonly save?: string
  /** Of a comparison: for a pull request. */
  readonly comment?: string
  readonly githubSummary: boolean
}

export interface BenchCommandSettings {
  readonly connection: ConnectionSettings
  readonly passwordSource?: PasswordSource
  /** Its own `connection` and patterns are completed when the password is there. */
  readonly bench: Omit<BenchSettings, 'connection'>
  /** What the shards of a run have in common, or the user wants; else it is at random. */
  readonly runId?: number
  readonly credentialsPath?: string
  readonly payloadSource?: PayloadSource
  readonly files: BenchFiles
  readonly prometheus?: { readonly host: string; readonly port: number }
  readonly embedded: boolean
  readonly json: boolean
  readonly isQuiet: boolean
  /** A host whose owner should have agreed to this load, and who has not said so. */
  readonly askFor?: string
  readonly notes: readonly string[]
}

const defaultConnections = 100
const defaultDurationMs = 10_000
const defaultWarmupMs = 1000
const defaultDrainMs = 10_000
const reconnectSeconds = 60
const quietMs = 1000
const mostClients = 1_000_000
const mostWorkers = 256
const defaultTopic = 'bench/%i'
/** At most 23 characters for a million clients: all that 3.1 allows, and all that 3.1.1 promises. [MQTT-3.1.1:3.1.3-5] */
const defaultClientId = 'bench-%r-%i'

/** `environment`: where schedulers say which part of a run they started. */
export function benchSettingsFrom(
  input: BenchInput,
  mode: BenchSettings['mode'],
  environment: Readonly<Record<string, string | undefined>> = {},
): BenchCommandSettings {
  const { flags } = input
  if (input.words.length > 0) {
    throw usageError(`bench ${mode} takes no words: ${JSON.stringify(input.words[0])}`, 'name the topic with -t')
  }
  const all = destinations(input)
  const [destination] = all
  const targets = all.map(({ target }) => target)
  const properties = packetProperties(
    readList(input, 'property', (text) => text),
    ['connect', 'publish', 'will', 'disconnect'],
  )
  const version = connectionVersion(input, destination, fiveOnly(input, mode))
  const inflightMaximum = read(input, 'inflight', (text, flag) => integer(text, flag, { minimum: 0, maximum: 65_435 }))
  const connecting = connectionSettings(input, {
    destination,
    properties,
    version,
    reconnect: reconnectSettings(input, { mode: 'for', seconds: reconnectSeconds }),
    wantsOwnSession: false,
    clientIdPattern: clientIdPattern(input),
    ...(inflightMaximum !== undefined && inflightMaximum > 0 && { inflightMaximum }), // 0 is no limit of ours
  })
  const { end, warmupMs } = timing(input)
  const { payloadBytes, payloadMix, payloadSource } = payloadSettings(input, mode)
  const { shard, runId } = runSettings(input, environment)
  const counts = clientCounts(input, mode)
  const seed = read(input, 'seed', (text, flag) => integer(text, flag, { minimum: 0, maximum: 0xffffffff }))
  read(input, 'will-topic', willTopicPattern)
  const bench = {
    mode,
    ...counts,
    ...(shard && { shard, rendezvous: rendezvousSettings(input) }),
    clients: {
      ...clientPatterns(input, connecting.connection.username),
      ...clientPlaceholders(input, targets),
      ...firstNumber(input),
    },
    load: load(input, mode),
    end,
    warmupMs,
    workers: read(input, 'workers', workers) ?? 1,
    connectRatePerSecond: read(input, 'connect-rate', ratePerSecond) ?? Number.POSITIVE_INFINITY,
    qos: read(input, 'qos', qos) ?? 0,
    retain: flags.retain === true,
    clearsRetained: clearsRetained(input, mode),
    properties: properties.publish,
    payloadBytes,
    ...(payloadMix && { payloadMix }),
    ...topics(input, mode),
    ...(seed !== undefined && { seed }),
    churns: read(input, 'churn', (text, flag) => integer(text, flag, { minimum: 0, maximum: 1000 })) ?? 0,
    asksBroker: flags['no-ask-broker'] !== true,
    rulerMs: read(input, 'ruler', durationMs) ?? 0,
    quietMs: Math.max(quietMs, 2 * (read(input, 'think', positiveDurationMs) ?? 0)), // who takes long has not gone silent
    drainMs: read(input, 'drain', positiveDurationMs) ?? defaultDrainMs,
    thresholds: readList(input, 'fail-if', threshold),
    ...slowSubscribers(input, mode, counts.subscribers),
    observed: observations(input),
    disturbances: disturbances(input, end),
    isEmbedded: destination.embedded,
  }
  return {
    ...connecting,
    bench,
    ...(runId !== undefined && { runId }),
    ...(payloadSource && { payloadSource }),
    ...(flags.credentials !== undefined && { credentialsPath: flags.credentials }),
    ...prometheus(input),
    files: {
      ...(flags.csv !== undefined && { csv: flags.csv }),
      ...(flags.hdr !== undefined && { hdr: flags.hdr }),
      ...(flags.junit !== undefined && { junit: flags.junit }),
      ...(flags.report !== undefined && { report: flags.report }),
      ...(flags.save !== undefined && { save: flags.save }),
      githubSummary: flags['github-summary'] === true,
    },
    embedded: destination.embedded,
    json: flags.json === true,
    isQuiet: flags.quiet === true,
    ...(!destination.embedded && hostsToAskFor(input, targets, bench)),
    notes: [
      ...new Set(all.flatMap((each) => connectionNotes(input, connecting.connection.tls.insecure, each))),
      ...sessionNotes(connecting.connection),
    ],
  }
}

function hostsToAskFor(
  { flags }: BenchInput,
  targets: readonly Target[],
  bench: Pick<BenchSettings, 'load' | 'disturbances'>,
) {
  const askFor = flags.yes === true ? undefined : strangersAmong(targets, bench)
  return askFor !== undefined && { askFor }
}

/** Where clients go, and where they leave from. */
function clientPlaceholders(input: BenchInput, targets: readonly Target[]) {
  const addresses = localAddresses(input, targets)
  return {
    ...(targets.length > 1 && { targets }),
    ...(addresses.length > 0 && { localAddresses: addresses }),
  }
}

function prometheus(input: BenchInput): Pick<BenchCommandSettings, 'prometheus'> {
  const address = read(input, 'prometheus', (text, flag) => {
    const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d+)$/.exec(text) ?? []
    return { host, port: integer(port, flag, { minimum: 0, maximum: 65_535 }) }
  })
  return address === undefined ? {} : { prometheus: address }
}

function fiveOnly(input: BenchInput, mode: BenchSettings['mode']) {
  if (mode === 'rpc') return [{ name: 'bench rpc', typed: true }]
  return input.flags.share === undefined ? [] : [{ name: '--share', typed: input.typed.has('share') }]
}

function clientCounts(input: BenchInput, mode: BenchSettings['mode']) {
  const count = (name: 'clients' | 'publishers' | 'subscribers') =>
    read(input, name, (text, flag) => integer(text, flag, { minimum: 1, maximum: mostClients }))
  const both = count('clients') ?? (mode === 'conn' ? defaultConnections : 1)
  if (mode === 'conn') return { publishers: 0, subscribers: 0, connections: both }
  if (mode === 'rpc') return { publishers: both, subscribers: both, connections: 0 }
  return {
    connections: 0,
    publishers: mode === 'sub' ? 0 : (count('publishers') ?? both),
    subscribers: mode === 'pub' ? 0 : (count('subscribers') ?? Math.max(both, slowCount(input) ?? 0)),
  }
}

function load(input: BenchInput, mode: BenchSettings['mode']): Load {
  const given = asked(input, ['rate', 'rate-per-client', 'stages'])
  if (given.length > 1) {
    throw usageError(`${given.map((name) => `--${name}`).join(' and ')} both say how fast`, 'give one of them')
  }
  const arrival = arrivalOf(input)
  const rate = read(input, 'rate', ratePerSecond)
  const perClient = read(input, 'rate-per-client', ratePerSecond)
  const steps = read(input, 'stages', stages)
  if (steps !== undefined) return { mode: 'paced', stages: steps, arrival }
  if (rate !== undefined) return { mode: 'paced', ratePerSecond: rate, arrival }
  if (perClient === undefined) return { mode: 'saturate' }
  return { mode: 'paced', ratePerSecond: perClient * clientCounts(input, mode).publishers, arrival }
}

function workers(text: string, flag: string): number | 'auto' {
  return text === 'auto' ? text : integer(text, flag, { minimum: 1, maximum: mostWorkers })
}

function arrivalOf({ flags: { arrival = 'uniform' } }: BenchInput): 'uniform' | 'poisson' {
  if (arrival === 'uniform' || arrival === 'poisson') return arrival
  throw usageError(`--arrival is not one: ${JSON.stringify(arrival)}`, 'give uniform or poisson')
}

/** Stages have their whole course: the warm-up is the front of it. */
function timing(input: BenchInput): { readonly end: RunEnd; readonly warmupMs: number } {
  const end = runEnd(input)
  const isStaged = input.flags.stages !== undefined
  const warmupMs = read(input, 'warmup', durationMs) ?? (end.by === 'messages' || isStaged ? 0 : defaultWarmupMs)
  if (!isStaged || end.by === 'messages') return { end, warmupMs }
  if (warmupMs < end.milliseconds)
    return { end: { by: 'duration', milliseconds: end.milliseconds - warmupMs }, warmupMs }
  throw usageError('--warmup takes all of --stages', 'give a shorter warm-up')
}

function runEnd(input: BenchInput): RunEnd {
  const given = asked(input, ['duration', 'messages', 'stages'])
  if (given.length > 1) {
    throw usageError(`${given.map((name) => `--${name}`).join(' and ')} both say when it ends`, 'give one of them')
  }
  const steps = read(input, 'stages', stages)
  if (steps !== undefined) {
    return { by: 'duration', milliseconds: steps.reduce((sum, { durationMs: each }) => sum + each, 0) }
  }
  const count = read(input, 'messages', (text, flag) =>
    integer(text, flag, { minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  )
  if (count !== undefined) return { by: 'messages', count }
  return { by: 'duration', milliseconds: read(input, 'duration', positiveDurationMs) ?? defaultDurationMs }
}

/** Patterns are checked as the topics of some client: placeholders never change what is allowed. */
function topics(input: BenchInput, mode: BenchSettings['mode']) {
  const { share } = input.flags
  const [topic = defaultTopic, ...moreTopics] = readList(input, 'topic', topicPattern)
  const [filter, ...moreFilters] = readList(input, 'filter', filterPattern)
  if (mode !== 'sub' && moreTopics.length + moreFilters.length > 0) {
    const flag = moreTopics.length > 0 ? '--topic' : '--filter'
    throw usageError(`bench ${mode} has one ${flag}`, 'make one of several with places: %i is the number of the client')
  }
  if (share !== undefined) topicFilter(`$share/${share}/a`, '--share', 5)
  if (filter !== undefined && mode !== 'sub') refusePartOfChance(topic, filter)
  const also = { topics: moreTopics, filters: moreFilters }
  return {
    topic,
    ...(filter !== undefined && { filter }),
    ...(mode === 'sub' && { also }),
    ...(share !== undefined && { share }),
  }
}

function clientIdPattern(input: BenchInput): string {
  return read(input, 'client-id', (text, flag) => placePattern(text, flag, 'client id')) ?? defaultClientId
}

function clientPatterns(input: BenchInput, username: string | undefined): ClientPatterns {
  return {
    clientId: clientIdPattern(input),
    ...(username !== undefined && { username }),
  }
}
