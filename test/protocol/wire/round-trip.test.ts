import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { annotatePacket } from '../../../src/protocol/wire/annotate-packet.ts'
import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import { FrameSplitter } from '../../../src/protocol/wire/frame-splitter.ts'
import type { Packet, ProtocolVersion, Sender } from '../../../src/protocol/wire/packet.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { arbitrarySentPacket, type SentPacket } from '../../support/packets/arbitrary-packet.ts'

const runs = { numRuns: 1500 }

function decode(bytes: Buffer, { version, sender }: { version: ProtocolVersion; sender: Sender }): Packet {
  const decoded = decodePacket(bytes, 0, bytes.length, { version, sender })
  assert.ok(!isViolation(decoded), isViolation(decoded) ? `${decoded.rule} ${decoded.message}` : '')
  return decoded
}

/** The same packet with the properties of each block in another order, which the standard allows. */
function withPropertiesReversed(bytes: Buffer, { version, sender }: SentPacket): Buffer {
  const { fields } = annotatePacket(bytes, 0, bytes.length, { version, sender })
  const reordered = Buffer.from(bytes)
  for (const block of fields.filter((field) => field.name.endsWith('properties'))) {
    const spans = fields.filter((field) => field.name.startsWith(`${block.name}.`) && !field.name.endsWith('.length'))
    let at = spans[0]?.start ?? 0
    for (const span of spans.reverse()) {
      bytes.copy(reordered, at, span.start, span.end)
      at += span.end - span.start
    }
  }
  return reordered
}

/** The same packet with everything written out that may be left out. */
function writtenOut(bytes: Buffer, { packet, version }: SentPacket): Buffer {
  if (version === 5) {
    if (/^(puback|pubrec|pubrel|pubcomp)$/.test(packet.type) && bytes.length === 4) {
      return Buffer.concat([Buffer.from([bytes[0]!, 4]), bytes.subarray(2), Buffer.from([0, 0])])
    }
    return packet.type === 'disconnect' && bytes.length === 2 ? Buffer.from([0xe0, 1, 0]) : bytes
  }
  return bytes[1]! < 128
    ? Buffer.concat([bytes.subarray(0, 1), Buffer.from([bytes[1]! | 0x80, 0]), bytes.subarray(2)])
    : bytes
}

test('decode(encode(x)) = x', () => {
  fc.assert(
    fc.property(arbitrarySentPacket(), (sent) => {
      assert.deepEqual(decode(encodePacket(sent.packet, sent.version), sent), sent.packet)
    }),
    runs,
  )
})

test('encode(decode(b)) = b for canonical b', () => {
  fc.assert(
    fc.property(arbitrarySentPacket(), (sent) => {
      const bytes = encodePacket(sent.packet, sent.version)
      assert.deepEqual(encodePacket(decode(bytes, sent), sent.version), bytes)
    }),
    runs,
  )
})

test('decode(encode(decode(b))) = decode(b) for b with properties in any order and nothing left out', () => {
  let different = 0
  fc.assert(
    fc.property(arbitrarySentPacket(), (sent) => {
      const canonical = encodePacket(sent.packet, sent.version)
      const bytes = withPropertiesReversed(writtenOut(canonical, sent), sent)
      if (!bytes.equals(canonical)) different++
      const decoded = decode(bytes, sent)
      assert.deepEqual(decode(encodePacket(decoded, sent.version), sent), decoded)
    }),
    runs,
  )
  assert.ok(different > 300, `only ${different} were not canonical`)
})

test('what is annotated is what is decoded, and every field lies in the packet', () => {
  fc.assert(
    fc.property(arbitrarySentPacket(), (sent) => {
      const bytes = encodePacket(sent.packet, sent.version)
      const { packet, violations, fields } = annotatePacket(bytes, 0, bytes.length, sent)
      assert.deepEqual(violations, [])
      assert.deepEqual(packet, sent.packet)
      for (const field of fields) assert.ok(field.start >= 0 && field.start <= field.end && field.end <= bytes.length)
    }),
    runs,
  )
})

test('a stream of packets is cut into the same packets wherever it is split', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(fc.array(arbitrarySentPacket(), { minLength: 1, maxLength: 8 }), cuts, (sent, sizes) => {
      const frames = sent.map(({ packet, version }) => encodePacket(packet, version))
      const stream = Buffer.concat(frames)
      const splitter = new FrameSplitter()
      const out: Buffer[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length]!
        const piece = Buffer.from(stream.subarray(at, at + size))
        assert.equal(
          splitter.push(piece, (bytes, start, _body, end) => out.push(Buffer.from(bytes.subarray(start, end)))),
          undefined,
        )
        piece.fill(0)
        at += size
      }
      assert.deepEqual(out, frames)
    }),
    { numRuns: 300 },
  )
})
