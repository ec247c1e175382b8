import assert from 'node:assert/strict'
import { annotatePacket } from '../../../src/protocol/wire/annotate-packet.ts'
import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import { FrameSplitter } from '../../../src/protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Sender } from '../../../src/protocol/wire/packet.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'
import { fromHex } from './hex.ts'

export interface FuzzCounts {
  packets: number
  accepted: number
  refused: number
  streams: number
}

const versions: readonly ProtocolVersion[] = [3, 4, 5]
const senders: readonly Sender[] = ['client', 'server']
const seeds = [...packetVectors.map((vector) => vector.hex), ...malformedVectors.map((vector) => vector[3])].map(
  fromHex,
)

/** Numbers below `limit`, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

/** Hostile bytes against the codec, for as long as `goOn` says. Throws on the first thing that should not be. */
export function fuzzCodec(seed: number, goOn: (rounds: number) => boolean): FuzzCounts {
  const random = randomFrom(seed)
  const counts: FuzzCounts = { packets: 0, accepted: 0, refused: 0, streams: 0 }
  for (let round = 0; goOn(round); round++) {
    const bytes = random(4) === 0 ? randomBytes(random) : mutated(random)
    const version = versions[random(3)]!
    const sender = senders[random(2)]!
    tryPacket(bytes, version, sender, counts)
    if (round % 8 === 0) tryStream(random, version, sender, counts)
  }
  return counts
}

function randomBytes(random: (limit: number) => number): Buffer {
  return Buffer.from(Array.from({ length: 1 + random(60) }, () => random(256)))
}

function mutated(random: (limit: number) => number): Buffer {
  let bytes: Buffer = Buffer.from(seeds[random(seeds.length)]!)
  for (let count = random(4); count >= 0; count--) bytes = mutatedOnce(bytes, random)
  if (bytes.length > 2 && bytes[1]! < 128 && random(2) === 0) bytes[1] = Math.min(127, bytes.length - 2) // past the header
  return bytes
}

function mutatedOnce(bytes: Buffer, random: (limit: number) => number): Buffer {
  const at = random(bytes.length)
  const before = bytes.subarray(0, at)
  switch (random(6)) {
    case 0:
      return Buffer.concat([before, Buffer.from([bytes[at]! ^ (1 << random(8))]), bytes.subarray(at + 1)])
    case 1:
      return Buffer.concat([before, Buffer.from([random(256)]), bytes.subarray(at)])
    case 2:
      return bytes.length > 1 ? Buffer.concat([before, bytes.subarray(at + 1)]) : bytes
    case 3:
      return at > 0 ? Buffer.from(before) : bytes
    case 4: {
      const other = seeds[random(seeds.length)]!
      return Buffer.concat([before, other.subarray(random(other.length))])
    }
    default:
      return Buffer.concat([before, Buffer.from([[0, 1, 0x7f, 0x80, 0xff][random(5)]!]), bytes.subarray(at + 1)])
  }
}

function tryPacket(bytes: Buffer, version: ProtocolVersion, sender: Sender, counts: FuzzCounts): void {
  if (bytes.length === 0) return
  const context = { version, sender }
  const decoded = decodePacket(bytes, 0, bytes.length, context)
  const { violations, fields } = annotatePacket(bytes, 0, bytes.length, context)
  counts.packets++
  for (const field of fields) assert.ok(field.start >= 0 && field.start <= field.end && field.end <= bytes.length)
  if (isViolation(decoded)) {
    counts.refused++
    assert.deepEqual(violations[0], decoded)
    assert.ok(decoded.offset >= 0 && decoded.offset <= bytes.length)
    return
  }
  counts.accepted++
  assert.deepEqual(violations, [])
  const spoken = decoded.type === 'connect' ? decoded.version : version
  const encoded = encodePacket(decoded, spoken)
  assert.deepEqual(decodePacket(encoded, 0, encoded.length, context), decoded)
}

/** Packets in a row, some mutated, split anywhere: cut the same however they come. */
function tryStream(
  random: (limit: number) => number,
  version: ProtocolVersion,
  sender: Sender,
  counts: FuzzCounts,
): void {
  const parts = Array.from({ length: 1 + random(6) }, () =>
    random(4) === 0 ? mutated(random) : seeds[random(seeds.length)]!,
  )
  const stream = Buffer.concat(parts)
  const whole = cut(stream, version, () => stream.length)
  const split = cut(stream, version, () => 1 + random(20))
  assert.deepEqual(split, whole)
  for (const hex of whole.frames) tryPacket(Buffer.from(hex, 'hex'), version, sender, counts)
  counts.streams++
}

function cut(stream: Buffer, version: ProtocolVersion, nextSize: () => number) {
  const splitter = new FrameSplitter({ maximumPacketSize: 10_000 })
  splitter.version = version
  const frames: string[] = []
  for (let at = 0; at < stream.length; ) {
    const end = Math.min(stream.length, at + nextSize())
    const violation = splitter.push(Buffer.from(stream.subarray(at, end)), (bytes, start, _body, frameEnd) => {
      frames.push(bytes.toString('hex', start, frameEnd))
    })
    if (violation !== undefined) return { frames, violation, pending: undefined }
    at = end
  }
  return { frames, violation: undefined, pending: splitter.pending() }
}
