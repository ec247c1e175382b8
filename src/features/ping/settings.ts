export interface PingSettings {
  readonly count: number
  /** From one to the next, milliseconds. */
  readonly intervalMs: number
  /** A nonce is published and received, in place of PINGREQ and PINGRESP: what clients live on works, then. */
  readonly isRoundTrip: boolean
  /** Where the nonce goes. */
  readonly topic: string
  /** An answer that takes longer than this never comes, milliseconds. */
  readonly answerDeadlineMs: number
  /** Give up after this long, milliseconds (`-W`). */
  readonly giveUpAfterMs?: number
}
