import assert from 'node:assert/strict'
import { test } from 'node:test'
import { annotatePacket } from '../../../src/protocol/wire/annotate-packet.ts'
import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { rules } from '../../../src/protocol/wire/rules.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'

for (const [name, version, sender, malformedHex, twinHex, rule, offset, reasonCode] of malformedVectors) {
  const context = { version, sender }

  test(`at level ${version} refuses from a ${sender}: ${name} ${rule}`, () => {
    const bytes = fromHex(malformedHex)

    const decoded = decodePacket(bytes, 0, bytes.length, context)

    assert.ok(isViolation(decoded), 'it was accepted')
    const found = { rule: decoded.rule, offset: decoded.offset, reasonCode: decoded.reasonCode }
    assert.deepEqual(found, { rule, offset, reasonCode }, decoded.message)
    const { violations } = annotatePacket(bytes, 0, bytes.length, context)
    assert.deepEqual(violations, [decoded]) // one fault, one violation: nothing is said of what follows from it
  })

  test(`at level ${version} accepts from a ${sender} the twin of: ${name} ${rule}`, () => {
    const bytes = fromHex(twinHex)

    const decoded = decodePacket(bytes, 0, bytes.length, context)

    assert.ok(!isViolation(decoded), isViolation(decoded) ? `${decoded.rule} ${decoded.message}` : '')
  })
}

test('every rule of the table is broken by a vector', () => {
  const broken = new Set(malformedVectors.map((vector) => vector[5]))
  const unbroken = Object.entries(rules).filter(([, rule]) => !broken.has(rule.v5) && !broken.has(rule.v3))

  assert.deepEqual(unbroken, [])
})
