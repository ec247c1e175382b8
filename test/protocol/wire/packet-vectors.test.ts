import assert from 'node:assert/strict'
import { test } from 'node:test'
import { annotatePacket } from '../../../src/protocol/wire/annotate-packet.ts'
import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'

for (const vector of packetVectors) {
  const { version, sender, packet } = vector
  const bytes = fromHex(vector.hex)

  test(`decodes ${vector.name}`, () => {
    assert.deepEqual(decodePacket(bytes, 0, bytes.length, { version, sender }), packet)
  })

  test(`decodes ${vector.name} from the middle of a buffer`, () => {
    const surrounded = Buffer.concat([Buffer.from([0xff, 0xff]), bytes, Buffer.from([0xff])])

    assert.deepEqual(decodePacket(surrounded, 2, 2 + bytes.length, { version, sender }), packet)
  })

  test(`annotates every byte of ${vector.name}`, () => {
    const annotated = annotatePacket(bytes, 0, bytes.length, { version, sender })

    assert.deepEqual(annotated.violations, [])
    assert.deepEqual(annotated.packet, packet)
    let covered = 0
    for (const field of annotated.fields) {
      assert.ok(field.start <= covered, `a gap before ${field.name}`)
      if (!annotated.fields.some((other) => other !== field && other.name.startsWith(`${field.name}.`))) {
        covered = Math.max(covered, field.end)
      }
    }
    assert.equal(covered, bytes.length)
  })

  if (vector.canonical === false) {
    test(`encodes ${vector.name} in its canonical form, which means the same`, () => {
      const encoded = encodePacket(packet, version)

      assert.ok(!encoded.equals(bytes))
      assert.deepEqual(decodePacket(encoded, 0, encoded.length, { version, sender }), packet)
    })
  } else {
    test(`encodes ${vector.name}`, () => {
      assert.equal(encodePacket(packet, version).toString('hex'), bytes.toString('hex'))
    })
  }

  test(`refuses ${vector.name} cut short anywhere`, () => {
    for (let end = 1; end < bytes.length; end++) {
      const decoded = decodePacket(bytes, 0, end, { version, sender })
      assert.ok(isViolation(decoded), `accepted with ${end} bytes`)
      assert.ok(decoded.offset <= end)
    }
  })
}

test('the vectors have every packet of every version', () => {
  const seen = new Set(packetVectors.map((vector) => `${vector.packet.type} ${vector.version}`))

  assert.equal(seen.size, 14 * 3 + 1)
})
