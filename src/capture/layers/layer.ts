/** An end of a connection: `first` opened it, or was seen first where the opening was not captured. */
export type Side = 'first' | 'second'

export function otherSide(side: Side): Side {
  return side === 'first' ? 'second' : 'first'
}

/** Takes what both ends of one connection sent, in order. Times are microseconds since 1970. */
export interface Layer {
  /** The bytes are the giver's: they hold until this returns. */
  bytes(from: Side, bytes: Buffer, at: number): void
  /** Something that this end sent is missing: what comes next is behind it. */
  gap(from: Side, at: number): void
  /** This end sends no more. */
  finished(from: Side, at: number): void
}

/** What lies above the layers below it. */
export interface StreamOpening {
  readonly client: Side
  /** What carries MQTT here, from below: `TLS 1.3`, `WebSocket`. Empty: nothing but TCP. */
  readonly carriers: readonly string[]
  /** False where the first packets were not captured. */
  readonly hasBeginning: boolean
}

/** Why a connection shows no packets. */
export type Unreadable = 'other-protocol' | 'tls-without-keys' | 'tls-not-known' | 'no-packet-found'

/** Where a connection ends up once it is known what it is. */
export interface StreamSink {
  opened(opening: StreamOpening): Layer
  unreadable(why: Unreadable): void
}

/** For bytes that nobody reads. */
export const nowhere: Layer = { bytes: () => {}, gap: () => {}, finished: () => {} }
