import type { PublishView } from '../protocol/wire/publish-view.ts'
import type { OutputBuffer } from './output-buffer.ts'

/**
 * When a message came. Writers that print no time never read it: hand in an object with a getter, and the clock is
 * only asked for formats that need it, once a message.
 */
export interface ReceivedAt {
  /** Since 1970-01-01T00:00:00Z. */
  readonly epochNanoseconds: bigint
}

/** Appends one message to the output. Keeps nothing of the view: its bytes are overwritten by the next read. */
export type MessageWriter = (message: PublishView, receivedAt: ReceivedAt, out: OutputBuffer) => void
