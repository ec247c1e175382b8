import type { MqttCliError } from '../../errors.ts'
import type { ProtocolVersion, QoS } from '../../protocol/wire/packet.ts'
import type { Fingerprint, RulerFigures } from './fingerprint.ts'
import type { BenchMode } from './settings.ts'
import type { ShardFigures } from './shard-figures.ts'

export type BenchPhase = 'connect' | 'warmup' | 'measure' | 'drain'

/** Not measured: null, and never 0. */
export type Measure = number | null

/** Durations in microseconds; where there was none, none was measured. */
export interface LatencyFigures {
  readonly count: number
  readonly meanMicroseconds: Measure
  readonly p50Microseconds: Measure
  readonly p90Microseconds: Measure
  readonly p95Microseconds: Measure
  readonly p99Microseconds: Measure
  readonly p99_9Microseconds: Measure
  readonly maxMicroseconds: Measure
  /**
   * Where the clocks of several machines are in it: each of the figures is right within so much, to either side; null
   * where that is not known. They are told only where it is little beside them.
   */
  readonly clockErrorMicroseconds?: Measure
}

/** So many per cent of the durations are at most so long. */
export interface PercentilePoint {
  readonly percentile: number
  readonly microseconds: number
}

/** How many, by reason. */
export type Reasons = Readonly<Record<string, number>>

/** Every message is in exactly the phase of its intended send. */
export interface MessageCounts {
  /** Due by the schedule; where the load saturates, what was sent. */
  readonly offered: number
  readonly sent: number
  /** Confirmed by PUBACK or PUBCOMP; 0 at QoS 0, where nobody confirms. */
  readonly acked: number
  readonly refused: Reasons
  /** Sent at QoS 1 or 2, and neither confirmed nor refused when the run ended. */
  readonly unconfirmed: number
  /** Due, and never sent. */
  readonly unsent: number
  /** Had to wait after they were due: the window was full, or the network took no more. */
  readonly late: number
}

export interface ArrivalCounts {
  /** First arrivals that every subscriber together should have had; undefined when only the other side knows. */
  readonly expected?: number
  /** First arrivals; all arrivals where messages cannot be told apart. */
  readonly received: number
  /** These five are undefined where messages cannot be told apart: below MQTT 5 with payloads of the user's own. */
  readonly lost?: number
  /** Of the lost, those that the broker had acknowledged; undefined where it acknowledges none, null where too many were lost to remember which. */
  readonly lostAcked?: Measure
  /** Still on their way when `--drain` was over, and others still came. */
  readonly lateToArrive?: number
  readonly duplicate?: number
  readonly reordered?: number
  /** Everything that came of the messages of the warm-up; they are in no other figure. */
  readonly ofWarmup: number
  /** Sent before this run began, by publishers elsewhere: what a session kept, or of a clock that is behind. */
  readonly backlog?: number
  /** Payloads that are not of this run. */
  readonly foreign: number
  readonly payloadBytes: number
}

/** What one publisher's messages became, over all of its subscribers. */
export interface PublisherFigures {
  readonly publisher: number
  readonly expected?: number
  readonly received: number
  readonly lost: number
  readonly lostAcked?: Measure
  readonly lateToArrive: number
  readonly duplicate: number
  readonly reordered: number
}

export interface ConnectFigures {
  readonly attempted: number
  readonly connected: number
  readonly refused: Reasons
  /** Not made by this machine, by errno: no refusals. */
  readonly faults: Reasons
  /** Lost before the run wanted to end. */
  readonly lost: Reasons
  /** Losses after which a session stood again. */
  readonly reconnected: number
  /** From a loss to the next session. */
  readonly outages?: LatencyFigures
  readonly perSecond: Measure
  /** From the first step, DNS, to CONNACK. */
  readonly times: LatencyFigures
}

/** Connections that do nothing but stay. */
export interface IdleFigures {
  readonly connections: number
  /** Connected at the end. */
  readonly held: number
  readonly heldSeconds: number
  /** What each costs this process beyond the first; undefined with fewer than 100, where it cannot be told. */
  readonly residentBytesEach?: number
  readonly storms: readonly StormFigures[]
}

/** All connections dropped at once and made again. */
export interface StormFigures {
  readonly reconnected: number
  readonly failed: Reasons
  readonly seconds: number
  readonly times: LatencyFigures
}

/** What is owed while nothing moves: all but the last two by the broker. */
export interface Debts {
  /** QoS 1 and 2 messages that wait for PUBACK, PUBREC or PUBCOMP. */
  readonly acknowledgements: number
  /** Messages sent, for each subscriber of ours that has not got them. */
  readonly deliveries: number
  /** Messages sent that the broker is not known to have read: PINGRESP would say it. */
  readonly unread: number
  /** Bytes that our sockets hold because the broker takes none. */
  readonly unreadBytes: number
  /** Connections that were lost and are on their way back. */
  readonly away: number
}

/** A time of a second or more in which nothing moved. */
export interface Standstill {
  readonly seconds: number
  readonly owed: Debts
}

/** What was on its way: sent, and not arrived, or not confirmed where nobody of ours subscribes, or not read at QoS 0. */
export interface OutstandingFigures {
  /** The most that a sample found, while measuring. */
  readonly most: number
  /** When measuring ended. */
  readonly atEnd: number
}

/** Over subscribers. */
export interface Spread {
  readonly least: Measure
  readonly median: Measure
  readonly most: Measure
}

/** What one subscriber got. Its percentiles are exact to six per cent. */
export interface SubscriberFigures {
  readonly subscriber: number
  readonly expected?: number
  readonly received: number
  readonly lost?: number
  readonly lostAcked?: Measure
  readonly lateToArrive?: number
  readonly p50Microseconds: Measure
  readonly p99Microseconds: Measure
}

/** How subscribers differ: those that are not slow on purpose, two of them at least. */
export interface SubscribersFigures {
  readonly subscribers: number
  readonly received: Spread
  readonly lost?: Spread
  readonly p50Microseconds: Spread
  readonly p99Microseconds: Spread
  /** By p99; of all their messages together. */
  readonly slowestTenth: {
    readonly subscribers: number
    readonly received: number
    readonly lost?: number
    readonly p50Microseconds: Measure
    readonly p99Microseconds: Measure
  }
  /** All of up to a hundred; of more, the hundred slowest. */
  readonly each: readonly SubscriberFigures[]
}

/** What waited for a subscriber when the broker first dropped something of it. */
export interface FirstLossFigures {
  readonly subscriber: number
  /** Since the load began. */
  readonly second: number
  readonly backlog: number
}

/** Subscribers that take their time for each message, on purpose. */
export interface SlowFigures {
  readonly subscribers: number
  readonly thinkMilliseconds: number
  readonly expected?: number
  readonly received: number
  readonly lost?: number
  readonly lostAcked?: Measure
  readonly lateToArrive?: number
  /** Theirs are in no other time. */
  readonly response: LatencyFigures
  /** Of the one that lost first. */
  readonly firstLoss?: FirstLossFigures
  /** A hundred at most. */
  readonly each: readonly (SubscriberFigures & { readonly firstLoss?: FirstLossFigures })[]
}

/** What became of the retained messages of a run at its end. */
export interface RetainedFigures {
  readonly topics: number
  /** Confirmed. */
  readonly cleared: number
  readonly refused: number
  /** Still there when the broker was asked anew; null where it could not be asked. */
  readonly left: Measure
}

/** How the generator itself did. */
export interface GeneratorFigures {
  /** CPU time over wall time while measuring; 1 is one core. */
  readonly cpu: Measure
  readonly cpuMicrosecondsPerMessage: Measure
  /** Threads that had the clients among them. */
  readonly workers: number
  /** Of the busiest of several, as `cpu`. */
  readonly busiestWorkerCpu?: number
  readonly residentBytes: number
  readonly loopDelay: LatencyFigures
  /** From when a message was due, or could leave, to when it left: the spacing of sends. */
  readonly sendDelay?: LatencyFigures
  /** What this generator measures of a broker that costs nothing. */
  readonly floor?: LatencyFigures
}

export interface Verdict {
  readonly isValid: boolean
  /** Why not, and what to change. */
  readonly problems: readonly string[]
  /** What to know when reading the figures. */
  readonly notes: readonly string[]
}

export interface ThresholdResult {
  readonly threshold: string
  readonly measured: Measure
  readonly unit: string
  readonly held: boolean
  /** `wanted p99 at most 20 ms; 31 ms: failed`. */
  readonly words: string
}

/** What one source told of the broker in one second; null: it did not tell. */
export interface ObservedSecond {
  readonly source: string
  /** CPU time over wall time; 1 is one core. */
  readonly cpu: Measure
  readonly memoryBytes: Measure
  /** By the broker's own count. */
  readonly dropped: Measure
  /** Why nothing was told. */
  readonly gap?: string
}

/** Seconds since the load began in which a source told nothing. */
export interface ObservedGap {
  readonly fromSecond: number
  readonly toSecond: number
  readonly reason: string
}

/** What one source told of the broker. */
export interface ObservedFigures {
  /** `pid:4711`, `url:http://…`, `sys`. */
  readonly source: string
  /** While measuring, over the time that was told of. */
  readonly cpu: Measure
  /** The same by the messages that were sent and received meanwhile. */
  readonly cpuMicrosecondsPerMessage: Measure
  readonly memoryBytes: { readonly atStart: Measure; readonly atEnd: Measure; readonly most: Measure }
  /** By its own counters, from the first telling to the last. */
  readonly dropped: Reasons
  /** How often it was another process, or its counters began anew. */
  readonly restarts: number
  /** When it told first and last, seconds since the load began. */
  readonly firstSecond: Measure
  readonly lastSecond: Measure
  readonly gaps: readonly ObservedGap[]
}

/** A command that was run while the load ran. Seconds are since the load began, as those of the series. */
export interface DisturbanceFigures {
  readonly command: string
  readonly dueSecond: number
  /** Null where the run was over before. */
  readonly beganSecond: Measure
  readonly endedSecond: Measure
  readonly exitCode: Measure
  /** What ended it, where that was a signal. */
  readonly signal: string | null
  /** It was still running at the end of the run. */
  readonly wasKilled: boolean
  /** The beginning of what it wrote. */
  readonly output: string
  readonly outputBytes: number
}

/** One second of a run. */
export interface BenchSecond {
  readonly phase: BenchPhase
  /** Seconds since the load began. */
  readonly second: number
  readonly offered: number
  readonly sent: number
  readonly acked: number
  readonly received: number
  /** On their way at the end of the second. */
  readonly outstanding: number
  readonly payloadBytes: number
  readonly connected: number
  readonly response?: LatencyFigures
  readonly service?: LatencyFigures
  readonly cpu: number
  readonly loopDelayMaxMicroseconds: number
  /** Disturbances that began in it. */
  readonly marks?: readonly string[]
  readonly observed?: readonly ObservedSecond[]
}

/** A second as a result keeps it: what adds up over the shards of a run. */
export type SecondFigures = Omit<BenchSecond, 'response' | 'service' | 'observed'>

/** What a result that was put together says of itself. */
interface MergedFigures {
  readonly run: string
  /** Shards that the run has, and those of them that are not in it. */
  readonly count: number
  readonly missing: readonly number[]
}

/** A whole run, as `docs/schemas/bench-result.schema.json` describes it. */
export interface BenchResult {
  readonly v: 1
  readonly type: 'bench-result'
  readonly mode: BenchMode
  readonly load: 'saturate' | 'paced' | 'none'
  readonly runId: string
  readonly startedAt: string
  readonly target: string
  readonly mqttVersion?: ProtocolVersion
  readonly qos: QoS
  readonly publishers: number
  readonly subscribers: number
  readonly payloadBytes: readonly [minimum: number, maximum: number]
  /** Of the phase that is measured. */
  readonly measuredSeconds: number
  readonly connect: ConnectFigures
  readonly idle?: IdleFigures
  readonly messages?: MessageCounts
  readonly warmup?: MessageCounts
  readonly arrivals?: ArrivalCounts
  /** Per second, while measuring: messages asked for, sent, received; bytes of payload received, else sent. */
  readonly rates: {
    readonly asked?: number
    readonly sent?: Measure
    readonly received?: Measure
    /** What the broker kept up with where that was less than was asked: messages that came, were confirmed, or read. */
    readonly keptUp?: number
    readonly payloadBytes: Measure
  }
  readonly outstanding?: OutstandingFigures
  /** The longest while measuring. */
  readonly standstill?: Standstill
  /** So much before it was sent, by its publisher's clock, a message came at most; undefined where none did. */
  readonly earlyMicroseconds?: number
  /** From the intended send to the arrival. */
  readonly response?: LatencyFigures
  /** From the actual send to the arrival. */
  readonly service?: LatencyFigures
  /** From the intended send to PUBACK or PUBCOMP, where nobody subscribes. */
  readonly acknowledged?: LatencyFigures
  readonly acknowledgedService?: LatencyFigures
  readonly perPublisher?: readonly PublisherFigures[]
  readonly perSubscriber?: SubscribersFigures
  readonly slow?: SlowFigures
  /** From SUBSCRIBE to SUBACK. */
  readonly subscribed?: LatencyFigures
  /** Where this is one shard of a run: what putting the shards together needs. */
  readonly shard?: ShardFigures
  readonly retained?: RetainedFigures
  /** Where it was put together of several: of which run, and their own results. */
  readonly merged?: MergedFigures
  readonly shards?: readonly BenchResult[]
  /** The seconds of a run that has shards. */
  readonly seconds?: readonly SecondFigures[]
  readonly generator: GeneratorFigures
  readonly observed?: readonly ObservedFigures[]
  readonly disturbances?: readonly DisturbanceFigures[]
  /** What has to be the same in a result that this one is compared with. */
  readonly fingerprint?: Fingerprint
  /** By what the broker says of itself; runs of one start vary together. */
  readonly brokerStartedAt?: string
  readonly ruler?: RulerFigures
  readonly verdict: Verdict
  readonly thresholds: readonly ThresholdResult[]
  /** Standard encoded HDR histograms, one for each of the times above: they add up exactly. */
  readonly histograms: {
    readonly response?: string
    readonly service?: string
    readonly connect?: string
    readonly subscribed?: string
    readonly slow?: string
    readonly outages?: string
    readonly acknowledged?: string
    readonly acknowledgedService?: string
    readonly sendDelay?: string
    readonly loopDelay?: string
    /** One for each storm. */
    readonly storms?: readonly string[]
  }
}

/** A run that nobody has judged yet. */
export type Judged = Omit<BenchResult, 'verdict' | 'thresholds'>

/** What a run came to, in every form that can be asked for. */
export interface BenchOutcome {
  readonly result: BenchResult
  readonly seconds: readonly BenchSecond[]
  /** Distributions as HDR plotters read them, by name. */
  readonly distributions: Readonly<Record<string, string>>
  /** The same to draw. */
  readonly points: Readonly<Record<string, readonly PercentilePoint[]>>
  /** Why the run is no success, if it is none: told after the result. */
  readonly failure?: MqttCliError
}

export type BenchEvent =
  | { readonly event: 'phase'; readonly phase: BenchPhase }
  | { readonly event: 'second'; readonly figures: BenchSecond }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'disturbance'; readonly second: number; readonly command: string }
