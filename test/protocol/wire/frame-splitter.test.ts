import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  FrameSplitter,
  type FrameSplitterOptions,
  largestReusedBytes,
} from '../../../src/protocol/wire/frame-splitter.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'

const frames = packetVectors.map((vector) => fromHex(vector.hex))

/** What comes out, copied while it may be read, when the chunk is overwritten as soon as it was pushed. */
function cut(chunks: readonly Buffer[], splitter = new FrameSplitter()): string[] {
  const packets: string[] = []
  const readBuffer = Buffer.alloc(Math.max(...chunks.map((chunk) => chunk.length)))
  for (const chunk of chunks) {
    chunk.copy(readBuffer)
    const violation = splitter.push(readBuffer.subarray(0, chunk.length), (bytes, start, bodyStart, end) => {
      assert.ok(bodyStart > start && bodyStart <= end)
      packets.push(bytes.toString('hex', start, end))
    })
    assert.equal(violation, undefined)
    readBuffer.fill(0xee)
  }
  return packets
}

function unexpected(): void {
  assert.fail('no packet is whole yet')
}

function inPieces(bytes: Buffer, pieceBytes: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes))
  return pieces
}

function pushHex(hex: string, options: FrameSplitterOptions = {}, version?: ProtocolVersion) {
  const splitter = new FrameSplitter(options)
  splitter.version = version
  const packets: string[] = []
  const violation = splitter.push(fromHex(hex), (bytes, start, _body, end) => {
    packets.push(bytes.toString('hex', start, end))
  })
  return { splitter, packets, violation }
}

for (const [name, version, hex, rule] of [
  ['type 0', undefined, '00', '[MQTT5 §2.1.2]'],
  ['type 0', 5, '0f', '[MQTT5 §2.1.2]'],
  ['type 0', 4, '00', '[MQTT3.1.1 §2.2.1]'],
  ['type 0', 3, '00', '[MQTT3.1.1 §2.2.1]'],
  ['AUTH below MQTT 5', 4, 'f0', '[MQTT3.1.1 §2.2.1]'],
  ['AUTH below MQTT 5', 3, 'ff', '[MQTT3.1.1 §2.2.1]'],
] as const) {
  for (const before of ['', 'd000']) {
    test(`${name} at ${version ?? 'no version'} is a violation at its first byte, ${before ? 'behind a packet' : 'alone'}`, () => {
      const splitter = new FrameSplitter()
      splitter.version = version
      let frames = 0

      const violation = splitter.push(Buffer.from(before + hex, 'hex'), () => frames++)

      assert.deepEqual([violation?.offset, violation?.rule, violation?.reasonCode], [0, rule, 0x81])
      assert.equal(frames, before.length / 4)
    })
  }
}

test('AUTH at MQTT 5, and where the version is not known, waits for its end', () => {
  for (const version of [5, undefined] as const) {
    const splitter = new FrameSplitter()
    splitter.version = version

    assert.equal(
      splitter.push(Buffer.from('f0', 'hex'), () => {}),
      undefined,
    )
    assert.equal(splitter.pendingBytes, 1)
  }
})

test('cuts every vector, whole', () => {
  for (const frame of frames) assert.deepEqual(cut([frame]), [frame.toString('hex')])
})

test('cuts every vector split in two at each byte', () => {
  for (const frame of frames) {
    for (let at = 1; at < frame.length; at++) {
      assert.deepEqual(cut([frame.subarray(0, at), frame.subarray(at)]), [frame.toString('hex')])
    }
  }
})

test('cuts every vector joined to the one before it, split at each byte', () => {
  for (let index = 1; index < frames.length; index++) {
    const joined = Buffer.concat([frames[index - 1]!, frames[index]!])
    const expected = [frames[index - 1]!.toString('hex'), frames[index]!.toString('hex')]
    assert.deepEqual(cut([joined]), expected)
    for (let at = 1; at < joined.length; at++) {
      assert.deepEqual(cut([joined.subarray(0, at), joined.subarray(at)]), expected)
    }
  }
})

test('cuts all vectors in one stream, in pieces of any size', () => {
  const stream = Buffer.concat(frames)
  const expected = frames.map((frame) => frame.toString('hex'))

  for (const pieceBytes of [1, 2, 3, 5, 7, 13, 64, 100, 1000, stream.length]) {
    assert.deepEqual(cut(inPieces(stream, pieceBytes)), expected, `pieces of ${pieceBytes}`)
  }
})

test('hands on a packet where it lies when the chunk has all of it', () => {
  const chunk = fromHex('c000 3005000161 6868 d000')
  const seen: [boolean, number, number, number][] = []

  new FrameSplitter().push(chunk, (bytes, start, bodyStart, end) => {
    seen.push([bytes === chunk, start, bodyStart, end])
  })

  assert.deepEqual(seen, [
    [true, 0, 2, 2],
    [true, 2, 4, 9],
    [true, 9, 11, 11],
  ])
})

test('takes Remaining Lengths of one to four bytes', () => {
  for (const [bodyBytes, header] of [
    [127, '307f'],
    [128, '308001'],
    [16_383, '30ff7f'],
    [16_384, '30808001'],
    [2_097_151, '30ffff7f'],
    [2_097_152, '3080808001'],
  ] as const) {
    const packet = Buffer.concat([fromHex(header), Buffer.alloc(bodyBytes)])
    const bodies: number[] = []
    const splitter = new FrameSplitter()
    for (const piece of inPieces(packet, 65_536)) {
      splitter.push(piece, (_bytes, _start, bodyStart, end) => bodies.push(end - bodyStart))
    }
    assert.deepEqual(bodies, [bodyBytes])
  }
})

test('refuses a Remaining Length of five bytes [MQTT5 §2.1.4], at its fourth byte', () => {
  const { violation, packets } = pushHex('c000 3080808080')

  assert.deepEqual(packets, ['c000'])
  assert.equal(violation?.packet, 'publish')
  assert.equal(violation?.rule, '[MQTT5 §2.1.4]')
  assert.equal(violation?.reasonCode, 0x81)
})

test('refuses a Remaining Length that is not minimal at MQTT 5 [MQTT-1.5.5-1], accepts it below', () => {
  assert.equal(pushHex('c08000', {}, 5).violation?.rule, '[MQTT-1.5.5-1]')
  assert.equal(pushHex('c08000', {}, 5).violation?.reasonCode, 0x81)
  assert.deepEqual(pushHex('c08000', {}, 4).packets, ['c08000'])
  assert.deepEqual(pushHex('c08000').packets, ['c08000'])
})

test('goes by a version that the sink sets in the middle of a chunk', () => {
  const splitter = new FrameSplitter()

  const violation = splitter.push(fromHex('c000 c08000'), () => {
    splitter.version = 5
  })

  assert.equal(violation?.rule, '[MQTT-1.5.5-1]')
})

test('refuses a packet over the maximum at its fixed header, before any of its body [MQTT-3.1.2-24]', () => {
  const options = { maximumPacketSize: 1_048_576 }
  const { violation, splitter } = pushHex('30 ffffff7f', options, 5) // 268,435,455 bytes declared

  assert.equal(violation?.reasonCode, 0x95)
  assert.equal(violation?.rule, '[MQTT-3.1.2-24]')
  assert.equal(splitter.pendingBytes, 0)
})

test('cites the statement that binds a client when a client sends too much [MQTT-3.2.2-15]', () => {
  const { violation } = pushHex('30 8010', { maximumPacketSize: 100, sender: 'client' }, 5)

  assert.equal(violation?.rule, '[MQTT-3.2.2-15]')
})

test('a packet of exactly the maximum passes, and one byte more does not', () => {
  assert.deepEqual(pushHex('30 03 000161', { maximumPacketSize: 5 }).packets, ['3003000161'])
  assert.equal(pushHex('30 03 000161', { maximumPacketSize: 4 }).violation?.reasonCode, 0x95)
})

test('refuses anything but PUBLISH that declares over 1 MiB', () => {
  assert.equal(pushHex('82 808040').violation?.reasonCode, 0x95) // 1,048,576 + the header
  assert.equal(pushHex('82 fbff3f').violation, undefined) // 1,048,576 with the header
  assert.equal(pushHex('30 808040').violation, undefined)
})

test('stays failed after a violation', () => {
  const { splitter, violation } = pushHex('3080808080')
  let calls = 0

  const again = splitter.push(fromHex('c000'), () => calls++)

  assert.equal(again, violation)
  assert.equal(calls, 0)
})

test('tells what a connection that ends leaves unfinished', () => {
  const { splitter } = pushHex('c000 32 0a 0001 61')

  assert.equal(splitter.pendingBytes, 5)
  assert.deepEqual(splitter.pending(), { packet: 'publish', declaredBytes: 12, receivedBytes: 5 })
  assert.deepEqual(pushHex('30').splitter.pending(), { packet: 'publish', receivedBytes: 1 })
  assert.equal(pushHex('c000').splitter.pending(), undefined)
})

test('holds memory for what has come, not for what was declared', () => {
  const splitter = new FrameSplitter()
  const before = process.memoryUsage().arrayBuffers

  splitter.push(fromHex('30 ffffff7f'), unexpected)
  for (let count = 0; count < 16; count++) splitter.push(Buffer.alloc(65_536), unexpected)

  assert.equal(splitter.pendingBytes, 5 + 1_048_576)
  assert.ok(process.memoryUsage().arrayBuffers - before < 8_000_000)
})

test('gathers a large packet in one place, byte for byte, and gives its memory away with it', () => {
  const body = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 2_654_435_761) & 0xff))
  const packet = Buffer.concat([fromHex('30 c08db701'), body]) // 3,000,000 bytes of body
  const stream = Buffer.concat([packet, packet, fromHex('d000')])
  const whole: Buffer[] = []
  const splitter = new FrameSplitter()
  const readBuffer = Buffer.alloc(65_536)

  for (const piece of inPieces(stream, readBuffer.length)) {
    piece.copy(readBuffer)
    splitter.push(readBuffer.subarray(0, piece.length), (bytes, start, _body, end) => {
      whole.push(
        end - start > largestReusedBytes ? bytes.subarray(start, end) : Buffer.from(bytes.subarray(start, end)),
      )
    })
  }

  assert.equal(Buffer.compare(Buffer.concat(whole), stream), 0)
  assert.equal(whole.length, 3)
})

test('keeps the tail of a chunk that nobody overwrites without a copy of it', () => {
  const splitter = new FrameSplitter()
  const packet = Buffer.concat([fromHex('30 80897a'), Buffer.alloc(2_000_000, 'x')]) // 2,000,000 bytes of body
  const seen: number[] = []

  splitter.push(packet.subarray(0, 1_500_000), unexpected)
  const isInPlace = splitter.pendingFrame().buffer === packet.buffer
  splitter.push(packet.subarray(1_500_000), (bytes, start, _body, end) => {
    seen.push(Buffer.compare(bytes.subarray(start, end), packet))
  })

  assert.ok(isInPlace)
  assert.deepEqual(seen, [0])
})
