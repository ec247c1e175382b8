import type { PacketType } from '../../../src/protocol/wire/packet.ts'

/** By the upper four bits of the first byte (MQTT5 §2.1.2). Written here, not taken from the code under test. */
const TYPES: readonly (PacketType | 'reserved')[] = [
  'reserved',
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth',
]

export interface CutPacket {
  readonly type: PacketType | 'reserved'
  readonly bytes: Buffer
}

export function packetTypeOf(firstByte: number): PacketType | 'reserved' {
  return TYPES[firstByte >> 4] ?? 'reserved'
}

/** Length of the packet that begins at `start`, header included, once the header is complete. */
export function packetLength(bytes: Buffer, start = 0): number | undefined {
  let remaining = 0
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[start + 1 + index]
    if (byte === undefined) return undefined
    remaining += (byte & 0x7f) * 128 ** index
    if (byte < 0x80) return 2 + index + remaining
  }
  throw new Error('a remaining length of five bytes')
}

/** Bytes in, whole packets out: as simple as it can be, to judge the real splitter by. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0)

  /** What has come of a packet that is not whole. */
  get rest(): Buffer {
    return this.#rest
  }

  push(bytes: Buffer): CutPacket[] {
    const all = Buffer.concat([this.#rest, bytes])
    const packets: CutPacket[] = []
    let start = 0
    while (start < all.length) {
      const length = packetLength(all, start)
      if (length === undefined || start + length > all.length) break
      packets.push({ type: packetTypeOf(all[start] as number), bytes: all.subarray(start, start + length) })
      start += length
    }
    this.#rest = all.subarray(start)
    return packets
  }
}
