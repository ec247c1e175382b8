import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { ConnectTallyPart } from '../clients/connect-tally.ts'
import type { ErrorData } from './error-data.ts'

/** How the connections of a share are. */
export interface IdlePulse {
  readonly standing: number
  /** Lost, and on their way back. */
  readonly returning: number
  /** Since the last look. */
  readonly loopDelayMaxMicroseconds: number
}

/** All that a share knows at its end. */
export interface IdleSharePart {
  readonly tally: ConnectTallyPart
  readonly loopDelay: string
  /** The most severe reason for which a client is gone for good. */
  readonly failure?: ErrorData
}

/** One thread's part of connections that only stay: here or in a worker. */
export interface IdleShare {
  /** The first of all clients: it finds out the version, or kind 'unreachable' that nobody is there. */
  connectFirst(): Promise<ProtocolVersion>
  /** All others of this share. */
  connectRest(version: ProtocolVersion): Promise<void>
  pulse(): Promise<IdlePulse>
  /** Drops all at once, without a word, and makes them again. */
  storm(): Promise<ConnectTallyPart>
  /** The user wants no more: nobody connects from here on. */
  stop(): Promise<void>
  leave(): Promise<IdleSharePart>
  close(): Promise<void>
}
