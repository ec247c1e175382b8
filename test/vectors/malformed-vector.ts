import type { ProtocolVersion, Sender } from '../../src/protocol/wire/packet.ts'

/** One packet with exactly one fault, by hand, and a twin from the same sender that differs in that alone. */
export type MalformedVector = readonly [
  name: string,
  version: ProtocolVersion,
  sender: Sender,
  malformedHex: string,
  twinHex: string,
  rule: string,
  offset: number,
  reasonCode: number,
]
