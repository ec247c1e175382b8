import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { ThreadFiles } from '../bench-context.ts'
import type { LoadCountersData } from '../clients/load-counters.ts'
import type { ClockRange } from '../clock-figures.ts'
import type { SecondCounts } from '../counters/second-figures.ts'
import type { BenchPhase, PublisherFigures } from '../events.ts'
import type { SequenceRanges } from '../messages/sequence-ranges.ts'
import type { BenchSettings } from '../settings.ts'
import type { HeardFigures } from '../shard-figures.ts'
import type { ErrorData } from './error-data.ts'
import type { SubscriberFacts } from './subscriber-facts.ts'

/** Which part of a run's clients one thread has. */
export interface WorkerSlice {
  readonly index: number
  readonly of: number
}

/** What a worker is given by who starts it. */
export interface WorkerContext {
  readonly settings: BenchSettings
  /** 32 bits that tell this run's messages from all others. */
  readonly runId: number
  readonly slice: WorkerSlice
  /** Where the build put what threads run. */
  readonly threadFiles: ThreadFiles
  /** As `flightMemory` makes it: one for all threads. */
  readonly flight: SharedArrayBuffer
  /** CPU that the worker's own thread has used. */
  readonly cpuMicroseconds: () => number
}

/** What connects together; nothing of a later step begins before all of an earlier one stands, in every thread. */
export type ConnectStep = 'first' | 'subscribers' | 'responder' | 'publishers'

/** How far a worker is. */
export interface WorkerStatus {
  /** Grows whenever anything happens to any message. */
  readonly progress: number
  /** First arrivals and foreign payloads, of all phases. */
  readonly arrivals: number
  readonly isSendingOver: boolean
  /** Grows whenever the broker does anything for a message of ours. */
  readonly served: number
  /** QoS 1 and 2 messages that wait for their end. */
  readonly unacknowledged: number
  /** Written, and not taken by the network. */
  readonly unreadBytes: number
  readonly alivePublishers: number
  readonly aliveSubscribers: number
  /** Of `bench rpc`: there is one. */
  readonly aliveResponders: number
  /** Connections on their way back. */
  readonly away: number
}

/** What happened in a worker since the last sample. */
export interface WorkerSample {
  /** Of the worker's own thread. */
  readonly cpuMicroseconds: number
  readonly offered: number
  readonly sent: number
  readonly acked: number
  readonly received: number
  /** Of these, messages that were due in the warm-up. */
  readonly receivedOfWarmup: number
  readonly unacknowledged: number
  readonly sentPayloadBytes: number
  readonly receivedPayloadBytes: number
  readonly connected: number
  readonly loopDelayMaxMicroseconds: number
  readonly response: SecondCounts
  readonly service: SecondCounts
  readonly acknowledged: SecondCounts
}

/** What one publisher did, for whoever counts what should have come of it. */
export interface PublisherFacts {
  readonly index: number
  /** Where its messages arrive, or their answers; with a mark for the number of the message (`message-topic.ts`). */
  readonly topic: string
  /** Sequences below this were due in the warm-up. */
  readonly firstMeasured: number
  /** Messages sent. */
  readonly sequence: number
  /** The measured ones that the broker never acknowledged; undefined where nobody can tell. */
  readonly neverAcknowledged?: SequenceRanges
}

/** All that a worker knows at its end. */
export interface WorkerResult {
  readonly counters: LoadCountersData
  /** Of this worker's subscribers, for the publishers of all workers. */
  readonly perPublisher: readonly PublisherFigures[]
  readonly subscribers: readonly SubscriberFacts[]
  /** Where the run has shards: the same for the publishers of all of them, as far as it is known here. */
  readonly heard: readonly HeardFigures[]
  readonly loopDelay: string
  /** The most severe reason for which a client is gone for good. */
  readonly failure?: ErrorData
}

/** One thread's part of a load: in this thread or in one of its own. What is called in turn, returns in turn. */
export interface LoadWorker {
  /** Throws kind 'unreachable' where the first of all clients finds nobody. */
  connect(step: ConnectStep, version: ProtocolVersion | undefined): Promise<ProtocolVersion>
  /** What somebody here gets messages by. */
  filters(): Promise<readonly string[]>
  /** How clocks of publishers on other shards stand to ours: before the first of their messages comes. */
  setClocks(clocks: readonly ClockRange[]): Promise<void>
  /** The load begins at this time, microseconds since the epoch. `filters`: those of all workers. */
  begin(startMicroseconds: number, filters: readonly string[]): Promise<void>
  status(): Promise<WorkerStatus>
  /** What happened since the last sample; `next` is the phase that begins now. */
  sample(next: BenchPhase): Promise<WorkerSample>
  /** What is due from here on is not measured. */
  endMeasuring(atMicroseconds: number): Promise<void>
  /** The user wants no more: nothing is sent from here on. */
  stop(): Promise<void>
  /** Everybody leaves, once what was written before has reached the broker or the limit has passed. */
  leave(limitMs: number): Promise<readonly PublisherFacts[]>
  /** `isCut`: the drain was over while messages still came. */
  result(publishers: readonly PublisherFacts[], isCut: boolean): Promise<WorkerResult>
  close(): Promise<void>
}
