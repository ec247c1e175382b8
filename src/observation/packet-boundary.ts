import { decodePacket } from '../protocol/wire/decode-packet.ts'
import { largestPacketBytes } from '../protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import { packetTypes, sendersOf } from '../protocol/wire/packet-types.ts'

/** Where packets begin among bytes of which the beginning was not seen, and under which version they are well-formed. */
export interface PacketBoundary {
  readonly offset: number
  readonly version: ProtocolVersion
  /** Whole packets that were read from there. */
  readonly packets: number
  /** Whether one of them can come from this side only. */
  readonly tellsSender: boolean
}

/** Enough packets in a row: nobody writes so many by chance. */
const enoughPackets = 4
/** So far into a piece of a stream a beginning is looked for. */
const mostOffsets = 16 * 1024
/** A packet of three bytes or fewer turns up by chance, but as all that a segment has on a connection of MQTT. */
const tellingBytes = 4

/** With one version, that of a connection that is known. The first place from which everything to the end of these bytes is packets, at most the last one cut off. */
export function findBoundary(
  bytes: Buffer,
  sender: Sender,
  versions: readonly ProtocolVersion[],
): PacketBoundary | undefined {
  const last = Math.min(bytes.length, mostOffsets)
  for (let offset = 0; offset < last; offset++) {
    for (const version of versions) {
      const found = readsFrom(bytes, offset, sender, version, versions.length === 1)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function readsFrom(
  bytes: Buffer,
  offset: number,
  sender: Sender,
  version: ProtocolVersion,
  isOneVersion: boolean,
): PacketBoundary | undefined {
  let at = offset
  let packets = 0
  let telling = 0
  let tellsSender = false
  while (at < bytes.length && packets < enoughPackets) {
    const end = endOfPacket(bytes, at, sender, version)
    if (end === undefined) return undefined
    if (end > bytes.length) break
    if (!('type' in decodePacket(bytes, at, end, { version, sender }))) return undefined
    if (end - at >= tellingBytes) telling++
    tellsSender ||= isOfOneSide(bytes[at]!, version)
    packets++
    at = end
  }
  const isWholePiece = offset === 0 && at === bytes.length && isOneVersion
  const isEnough = isWholePiece || packets >= enoughPackets || (at === bytes.length ? telling > 0 : telling > 1)
  return isEnough ? { offset, version, packets, tellsSender } : undefined
}

/** By its fixed header; undefined where it can be none, Infinity where the header itself is cut off. */
function endOfPacket(bytes: Buffer, at: number, sender: Sender, version: ProtocolVersion): number | undefined {
  const first = bytes[at]!
  const row = packetTypes[first >> 4]
  if (row === undefined || !sendersOf(row, version).includes(sender)) return undefined
  if (row.flags === undefined ? (first & 0x06) === 0x06 : (first & 0x0f) !== row.flags) return undefined
  let length = 0
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + 1 + digit]
    if (byte === undefined) return Number.POSITIVE_INFINITY
    length += (byte & 0x7f) * 128 ** digit
    if ((byte & 0x80) === 0) return length > largestPacketBytes ? undefined : at + 2 + digit + length
  }
  return undefined
}

function isOfOneSide(first: number, version: ProtocolVersion): boolean {
  const row = packetTypes[first >> 4]
  return row !== undefined && sendersOf(row, version).length === 1
}
