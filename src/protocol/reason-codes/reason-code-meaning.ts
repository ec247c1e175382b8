import type { Sender } from '../wire/packet.ts'

/** One reason code as one packet may carry it. The same number means different things in different packets. */
export interface ReasonCodeMeaning {
  readonly code: number
  /** The standard's name. */
  readonly name: string
  /** What it says, in a sentence of our own. */
  readonly meaning: string
  /** What usually lies behind it in this packet, most likely first. Empty when nothing went wrong. */
  readonly causes: readonly string[]
  /** The only side that may send it; absent when both may. */
  readonly sender?: Sender
}

export type ReasonCodeTable = ReadonlyMap<number, ReasonCodeMeaning>

type Row = readonly [code: number, name: string, meaning: string, causes?: readonly string[], sender?: Sender]

export function reasonCodeTable(rows: readonly Row[]): ReasonCodeTable {
  return new Map(
    rows.map(([code, name, meaning, causes = [], sender]) => [
      code,
      sender === undefined ? { code, name, meaning, causes } : { code, name, meaning, causes, sender },
    ]),
  )
}
