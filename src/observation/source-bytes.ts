import type { Sender } from '../protocol/wire/packet.ts'

/** Bytes that passed, as any source tells them: a tap on our own connection, a proxy, a capture, a user's paste. */
export interface SourceBytes {
  /** Since the start of the source; 0 throughout where it has no clock. */
  readonly atMicroseconds: number
  readonly direction: Sender
  /** 1, 2, … as the source counts its network connections. */
  readonly connection: number
  /** Not to be changed afterwards. */
  readonly bytes: Buffer
}
