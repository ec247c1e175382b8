import type { ProtocolVersion, Sender } from './packet.ts'

/** What a packet's own bytes do not say. */
export interface DecodeContext {
  /** Of the connection. CONNECT tells its own, whatever stands here. */
  readonly version: ProtocolVersion
  readonly sender: Sender
}
