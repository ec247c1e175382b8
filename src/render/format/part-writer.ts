import type { PublishView } from '../../protocol/wire/publish-view.ts'
import type { FieldLayout } from '../message-format.ts'
import type { OutputBuffer } from '../output-buffer.ts'

/** Appends one part of a format. The time is 0 when no part of the format prints it. */
export type PartWriter = (message: PublishView, epochNanoseconds: bigint, out: OutputBuffer) => void

export interface FormatOptions {
  /** A newline after each message; `-N` turns it off. */
  readonly endOfLine: boolean
  /** For a terminal: control characters in what came from outside are made visible. */
  readonly escape: boolean
  /** A message that a field cannot print (`%J` and a payload that is not JSON): the field is left out. */
  readonly warn?: (problem: string) => void
}

/** How the writer of one letter is made. */
export type FieldMaker = (layout: FieldLayout, options: FormatOptions) => PartWriter
