// Render: values into text, for people and for programs. It knows the types of what is below and none of its machinery; it
// neither prints nor asks a clock, and colour comes as a theme (theme.ts). Begin here for what `sub` prints: plain-writer.ts,
// format-writer.ts and json-writer.ts are the three writers; trace-line.ts draws packets, views/ what inspect finds, bench/
// results of loads, error-block.ts errors.

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
