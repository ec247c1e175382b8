import type { Sender } from '../../../protocol/wire/packet.ts'
import type { ConnectionEnd } from '../connection-reporter.ts'
import type { Flow } from './flow.ts'

export type Flows = Readonly<Record<Sender, Flow>>

/** What happens to the bytes of one connection on their way, and who is told. */
export interface Relay {
  /** The bytes are the relay's to keep. */
  pass(from: Sender, bytes: Buffer): void
  /** This side sends no more. */
  finished(from: Sender): void
  closed(end: ConnectionEnd): void
}
