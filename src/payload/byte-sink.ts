/** Where bytes of text are appended: memory with room, and how much of it is used. */
export interface ByteSink {
  bytes: Buffer
  length: number
  /** Makes room for `count` more bytes; `bytes` may be another one afterwards. */
  reserve(count: number): void
  appendText(text: string): void
}
