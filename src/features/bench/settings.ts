import type { ConnectionSettings, Target } from '../../connection/settings.ts'
import type { Properties, QoS } from '../../protocol/wire/packet.ts'

export type BenchMode = 'pubsub' | 'pub' | 'sub' | 'conn' | 'rpc'

/** The rate goes in a straight line to `ratePerSecond`, and takes this long for it. */
export interface Stage {
  readonly durationMs: number
  readonly ratePerSecond: number
}

export type Load =
  /** Closed loop: as many as the window lets through. Its result is throughput. */
  | { readonly mode: 'saturate' }
  /** Open loop: what is due is due, whatever the broker does. Its result is latency. */
  | { readonly mode: 'paced'; readonly ratePerSecond: number; readonly arrival: 'uniform' | 'poisson' }
  | { readonly mode: 'paced'; readonly stages: readonly Stage[]; readonly arrival: 'uniform' | 'poisson' }

/** The highest rate of a load; Infinity where it saturates. */
export function highestPerSecond(load: Load): number {
  if (load.mode === 'saturate') return Number.POSITIVE_INFINITY
  return 'ratePerSecond' in load ? load.ratePerSecond : Math.max(...load.stages.map((each) => each.ratePerSecond))
}

/** The part of the whole rate that is sent from here. */
export function rateShareOf(settings: ClientCounts & Pick<BenchSettings, 'part'>): number {
  const { publishers } = wholeOf(settings)
  return publishers === 0 ? 0 : settings.publishers / publishers
}

export type RunEnd =
  | { readonly by: 'duration'; readonly milliseconds: number }
  /** Over all publishers. */
  | { readonly by: 'messages'; readonly count: number }

/** What all clients of a run have in common; `%` placeholders make them differ. */
export interface ClientPatterns {
  readonly clientId: string
  readonly username?: string
  readonly password?: string
  /** One user for each client in turn; sets the two above aside. */
  readonly credentials?: readonly { readonly username: string; readonly password: string }[]
  /** Brokers that they connect to in turn, instead of the connection's own. */
  readonly targets?: readonly Target[]
  /** Addresses of this machine that they connect from: one after the other, each for a round of all brokers. */
  readonly localAddresses?: readonly string[]
  /** What `%i` is in the first of them; 0 where it is not said. */
  readonly firstNumber?: number
}

/** How many there are of each kind of client. */
export interface ClientCounts {
  /** Idle ones, of `bench conn`. */
  readonly connections: number
  readonly publishers: number
  readonly subscribers: number
}

/** This process is one of several that make one run together. */
export interface ShardSettings {
  /** From 1 to `count`. */
  readonly index: number
  readonly count: number
  /** What all shards of the run call it. */
  readonly run: string
  /** Whether a publisher and the subscriber that has its number are on one shard. */
  readonly isPaired: boolean
}

/** Where and how long shards wait for each other. */
export interface RendezvousSettings {
  /** Elsewhere than at the broker under test. */
  readonly place?: Pick<ConnectionSettings, 'target'> & Partial<Pick<ConnectionSettings, 'username' | 'password'>>
  readonly timeoutMs: number
}

/** The clients of one kind that a shard has, in the order in which they connect. */
export interface ShardSide {
  /** Their numbers in the whole run. */
  readonly numbers: readonly number[]
  /** When each may begin to connect: so many of the whole run begin before it. */
  readonly places: readonly number[]
}

/** What of a whole run is here, and how much there is of it elsewhere. */
export interface ShardPart extends ShardSettings {
  readonly whole: ClientCounts
  readonly connections: ShardSide
  readonly publishers: ShardSide
  readonly subscribers: ShardSide
}

type Percentile = 'p50' | 'p90' | 'p95' | 'p99' | 'p99.9' | 'max' | 'mean'

/** What a threshold can be about. */
export type MetricName =
  | Percentile
  | `${'response' | 'service' | 'connect'}.${Percentile}`
  | 'lost'
  | 'lost.acked'
  | 'late.arrival'
  | 'duplicate'
  | 'reordered'
  | 'received'
  | 'foreign'
  | 'sent'
  | 'acked'
  | 'late'
  | 'unsent'
  | 'unconfirmed'
  | 'throughput'
  | 'refused'
  | 'disconnected'
  | 'connect.rate'

export type ThresholdComparison = '<' | '<=' | '>' | '>='

export interface Threshold {
  /** As it was typed. */
  readonly text: string
  readonly metric: MetricName
  readonly comparison: ThresholdComparison
  /** In the metric's own unit: microseconds, messages, messages per second. */
  readonly limit: number
  /** A percentage of what was expected, not a number. */
  readonly isPercentage: boolean
}

/** The other way round: what must be true. */
export interface Demand extends Omit<Threshold, 'comparison'> {
  readonly comparison: ThresholdComparison | '='
}

/** What messages carry instead of filling with a stamp in front: plain data, which can go to another thread. */
export type PayloadContent =
  | { readonly from: 'file'; readonly bytes: Uint8Array }
  | { readonly from: 'template'; readonly pieces: readonly TemplatePiece[] }

export type TemplatePiece =
  /** A pattern with placeholders of the client: expanded once for each publisher. */
  | { readonly placeholder: 'client'; readonly pattern: string }
  /** The number of the message. */
  | { readonly placeholder: 'sequence' }
  /** When the message was due: milliseconds since the epoch, or the same as ISO 8601 writes it. */
  | { readonly placeholder: 'milliseconds' }
  | { readonly placeholder: 'date' }
  | RandomNumber

/** A number at random from minimum to maximum, both included, in steps of its last decimal place. */
export interface RandomNumber {
  readonly placeholder: 'number'
  /** Both in units of the last decimal place. */
  readonly minimum: number
  readonly maximum: number
  readonly decimals: number
}

/** Who tells what the broker uses, and what it drops. */
export type Observation =
  | { readonly from: 'pid'; readonly pid: number }
  /** A Prometheus endpoint; a login of its URL is in the header. */
  | { readonly from: 'url'; readonly url: string; readonly authorization?: string }
  /** The broker itself, below `$SYS`. */
  | { readonly from: 'sys' }

/** A command of the user's own that is run while the load runs: it kills a node, say. */
export interface Disturbance {
  readonly command: string
  /** Since measuring began. */
  readonly atMs: number
}

/** So many of all shares of the messages are of this size. */
export interface SizeShare {
  readonly bytes: number
  readonly share: number
}

export interface BenchSettings extends ClientCounts {
  readonly mode: BenchMode
  readonly connection: ConnectionSettings
  readonly clients: ClientPatterns
  /** Undefined: this process makes the whole run. */
  readonly shard?: ShardSettings
  /** Undefined: it waits for no other. */
  readonly rendezvous?: RendezvousSettings
  /** Where it makes a part of it, that part: the counts of clients above are then those of here, and rates those of the whole. */
  readonly part?: ShardPart
  readonly load: Load
  readonly end: RunEnd
  /** Threads that have the clients among them. */
  readonly workers: number | 'auto'
  readonly warmupMs: number
  /** Connections begun per second; Infinity takes as many as the broker lets in. */
  readonly connectRatePerSecond: number
  readonly qos: QoS
  readonly retain: boolean
  /** At the end they are taken back. */
  readonly clearsRetained: boolean
  readonly properties: Properties
  readonly payloadBytes: readonly [minimum: number, maximum: number]
  /** Sizes within that, each of its part of the messages; undefined: all of them alike. */
  readonly payloadMix?: readonly SizeShare[]
  /** What the messages carry; undefined: a stamp and filling, of `payloadBytes`. */
  readonly payload?: PayloadContent
  readonly topic: string
  /** What subscribers subscribe to, with placeholders; undefined: what the publishers' topics ask for. */
  readonly filter?: string
  /** `bench sub`: what each subscriber subscribes to beside that: topics of publishers elsewhere, and filters. */
  readonly also?: { readonly topics: readonly string[]; readonly filters: readonly string[] }
  readonly share?: string
  /** `bench conn`: so many times all connections are dropped at once, and made again. */
  readonly churns: number
  /** Asks the broker who it is, on a connection of its own, once the load is over. */
  readonly asksBroker: boolean
  /** So long a load of a sink of its own shows before and after it how fast this machine is; 0 leaves it out. */
  readonly rulerMs: number
  /** The run ends when nothing has come for this long. */
  readonly quietMs: number
  /** No run drains for longer. */
  readonly drainMs: number
  readonly thresholds: readonly Threshold[]
  /** So many of the subscribers take this long for each message; undefined: none. */
  readonly slow?: { readonly subscribers: number; readonly thinkMs: number }
  readonly observed: readonly Observation[]
  readonly disturbances: readonly Disturbance[]
  /** Chance of the load (arrivals, sizes, numbers in payloads) begins with this; undefined: another one in each run. */
  readonly seed?: number
  /** The broker runs in this process: its CPU is ours. */
  readonly isEmbedded: boolean
}

/** The clients of the whole run, also where this process has a part of them. */
export function wholeOf(settings: ClientCounts & Pick<BenchSettings, 'part'>): ClientCounts {
  return settings.part?.whole ?? settings
}
