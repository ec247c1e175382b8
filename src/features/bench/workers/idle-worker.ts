import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { ConnectCountersData } from '../counters/connect-counters.ts'
import type { ErrorData } from './error-data.ts'

/** How the connections of a worker are. */
export interface IdleStatus {
  readonly standing: number
  /** Lost, and on their way back. */
  readonly returning: number
  /** Since the last sample. */
  readonly loopDelayMaxMicroseconds: number
}

/** All that a worker knows at its end. */
export interface IdleResult {
  readonly counters: ConnectCountersData
  readonly loopDelay: string
  /** The most severe reason for which a client is gone for good. */
  readonly failure?: ErrorData
}

/** One thread's part of connections that only stay: in this thread or in one of its own. */
export interface IdleWorker {
  /** The first of all clients: it finds out the version, or kind 'unreachable' that nobody is there. */
  connectFirst(): Promise<ProtocolVersion>
  /** All others of this worker. */
  connectRest(version: ProtocolVersion): Promise<void>
  status(): Promise<IdleStatus>
  /** Drops all at once, without a word, and makes them again. */
  storm(): Promise<ConnectCountersData>
  /** The user wants no more: nobody connects from here on. */
  stop(): Promise<void>
  leave(): Promise<IdleResult>
  close(): Promise<void>
}
