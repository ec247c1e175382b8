import type { Properties, QoS } from '../../protocol/wire/packet.ts'

/** Where the messages come from. */
export type PayloadSource =
  | { readonly from: 'arguments'; readonly payloads: readonly Uint8Array[] }
  | { readonly from: 'files'; readonly paths: readonly string[] }
  | { readonly from: 'stdin' }
  | { readonly from: 'stdin-lines' }
  | { readonly from: 'nothing' }

export interface PublishSettings {
  /** One at least: every message goes to each of them. */
  readonly topics: readonly string[]
  readonly source: PayloadSource
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: Properties
  /** How many times it is all sent; 1 by default. */
  readonly repeatCount: number
  readonly repeatDelayMs: number
  /** Give up after this long, milliseconds, counted from the start (`-W`). */
  readonly giveUpAfterMs?: number
  /** How long a planned exit waits for acknowledgements, milliseconds. */
  readonly drainDeadlineMs: number
}
