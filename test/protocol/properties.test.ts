import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  mayCarry,
  type PropertyCarrier,
  propertyById,
  propertyByKey,
  propertyTable,
} from '../../src/protocol/properties.ts'
import { decodePacket } from '../../src/protocol/wire/decode-packet.ts'
import type { Properties } from '../../src/protocol/wire/packet.ts'
import { isViolation } from '../../src/protocol/wire/violation.ts'
import { fromHex } from '../support/packets/hex.ts'
import { authenticationDataHex, propertyCarriers, propertyVectors } from '../vectors/property-vectors.ts'

/** A whole packet around a property block; both lengths fit one byte. */
function packetWith(before: string, block: string, after: string): Buffer {
  const blockBytes = fromHex(block)
  const start = fromHex(before)
  const body = Buffer.concat([start.subarray(1), Buffer.from([blockBytes.length]), blockBytes, fromHex(after)])
  return Buffer.concat([Buffer.from([start[0]!, body.length]), body])
}

function decode(bytes: Buffer, sender: 'client' | 'server') {
  return decodePacket(bytes, 0, bytes.length, { version: 5, sender })
}

function propertiesOf(packet: ReturnType<typeof decode>, carrier: string): Properties | undefined {
  if (carrier === 'will') return 'will' in packet ? packet.will?.properties : undefined
  return 'properties' in packet ? packet.properties : undefined
}

for (const [id, key, name, hex, value, allowed] of propertyVectors) {
  test(`${name} is decoded where it belongs and refused everywhere else [MQTT5 §2.2.2.2]`, () => {
    for (const [carrier, sender, before, after] of propertyCarriers) {
      const needsMethod = carrier === 'auth' && id !== 0x15
      const bytes = packetWith(before, needsMethod ? `15 0001 6d ${hex}` : hex, after)
      const decoded = decode(bytes, sender)
      const words = allowed.split(' ')
      const isAllowed = words.includes(carrier) || words.includes(`${carrier}${sender === 'client' ? '<' : '>'}`)
      const where = `${key} in ${carrier} from a ${sender}`
      if (isAllowed) {
        assert.deepEqual((propertiesOf(decoded, carrier) as Record<string, unknown>)[key], value, where)
      } else {
        assert.ok(isViolation(decoded), where)
        assert.equal(decoded.reasonCode, words.some((word) => word.startsWith(carrier)) ? 0x82 : 0x81, where)
      }
      assert.equal(mayCarry(propertyById(id)!, carrier as PropertyCarrier, sender), isAllowed, where)
    }
  })

  test(`${name} is called so, and is found by its identifier and by its key`, () => {
    assert.equal(propertyById(id)?.name, name)
    assert.equal(propertyByKey(key), propertyById(id))
  })

  test(`${name} comes once, unless the standard lets it repeat`, () => {
    for (const [carrier, sender, before, after] of propertyCarriers) {
      if (!mayCarry(propertyById(id)!, carrier as PropertyCarrier, sender)) continue
      const method = carrier === 'auth' && id !== 0x15 ? '15 0001 6d ' : ''
      const decoded = decode(packetWith(before, `${method}${hex}${hex}`, after), sender)
      const repeats = key === 'userProperties' || (key === 'subscriptionIdentifier' && carrier === 'publish')
      assert.equal(isViolation(decoded), !repeats, `${key} in ${carrier}`)
      if (isViolation(decoded)) assert.equal(decoded.rule, '[MQTT5 §2.2.2.2]')
    }
  })
}

test('Authentication Data is decoded beside a method, in CONNECT, CONNACK and AUTH alone', () => {
  for (const [carrier, sender, before, after] of propertyCarriers) {
    const decoded = decode(packetWith(before, authenticationDataHex, after), sender)
    if (['connect', 'connack', 'auth'].includes(carrier)) {
      assert.deepEqual(propertiesOf(decoded, carrier)?.authenticationData, Buffer.from('d'))
    } else {
      assert.ok(isViolation(decoded), carrier)
    }
  }
})

test('the table has the 27 properties of MQTT 5, ascending', () => {
  const ids = propertyTable.map((definition) => definition.id)

  assert.equal(ids.length, 27)
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  )
  assert.deepEqual(
    ids.filter((id) => id !== 0x16),
    propertyVectors.map(([id]) => id),
  )
})

test('no identifier outside the table is a property', () => {
  for (const id of [0, 4, 7, 0x0a, 0x10, 0x14, 0x1b, 0x20, 0x2b, 0x7f, 268_435_455]) {
    assert.equal(propertyById(id), undefined)
  }
  for (const key of ['__proto__', 'toString', 'constructor', 'Receive Maximum']) {
    assert.equal(propertyByKey(key), undefined)
  }
})
