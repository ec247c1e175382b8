import type { Properties, QoS } from '../../protocol/wire/packet.ts'

/** Where the messages come from. */
export type PayloadSource =
  | { readonly from: 'argument'; readonly payload: Uint8Array }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'stdin' }
  | { readonly from: 'stdin-lines' }
  | { readonly from: 'nothing' }

export interface PublishSettings {
  readonly topic: string
  readonly source: PayloadSource
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: Properties
  /** How many times the message is sent; 1 by default. */
  readonly repeatCount: number
  readonly repeatDelayMs: number
  /** Give up after this long, milliseconds, counted from the start (`-W`). */
  readonly giveUpAfterMs?: number
  /** How long a planned exit waits for acknowledgements, milliseconds. */
  readonly drainDeadlineMs: number
}
