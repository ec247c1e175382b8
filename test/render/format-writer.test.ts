import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReceivedAt } from '../../src/render/message-writer.ts'
import { OutputBuffer } from '../../src/render/output-buffer.ts'
import { publishView } from '../support/messages/publish-view.ts'
import { rendered, writerOf } from '../support/messages/rendered.ts'
import type { PublishFields } from '../support/packets/publish-bytes.ts'

const noNewline = { endOfLine: false }

function printed(format: string, message: PublishFields, options = {}): string {
  return rendered(writerOf(format, { ...noNewline, ...options }), [message]).toString()
}

describe('fields of -F', () => {
  const message: PublishFields = {
    topic: 'home/door',
    payload: 'hello',
    qos: 1,
    packetId: 7,
    retain: true,
    properties: {
      topicAlias: 12,
      messageExpiryInterval: 3600,
      contentType: 'text/plain',
      responseTopic: 'r/t',
      correlationData: Buffer.from('id'),
      subscriptionIdentifier: [300, 4],
      userProperties: [
        ['k', 'v'],
        ['k', 'w'],
      ],
    },
  }
  const rows: readonly [format: string, expected: string][] = [
    ['%t %p', 'home/door hello'],
    ['%q%r %m %l', '11 7 5'],
    ['%12t|%-12t|%.4t|%6.4t|', '   home/door|home/door   |home|  home|'],
    ['%4m|%-4m|%04m|', '   7|7   |0007|'],
    ['%3p|%8p|%-8p|%08p|', 'hel|   hello|hello   |000hello|'],
    ['%x %X', '68656c6c6f 68656C6C6F'],
    ['%A|%5A|%-5A|%05A|', '12|   12|12   |00012|'],
    ['%E %C %R %D', '3600 text/plain r/t id'],
    ['%F|%3F|%03F|', '|   |000|'],
    ['%S', '300'],
    ['%P', 'k:v k:w'],
    ['a\\tb\\\\%%@@', 'a\tb\\%@'],
  ]
  for (const [format, expected] of rows) {
    test(`'${format}' prints '${expected}'`, () => {
      assert.equal(printed(format, message), expected)
    })
  }

  test('a format without a time reads no clock, one with two times reads it once a message', () => {
    let readings = 0
    const clock: ReceivedAt = {
      get epochNanoseconds() {
        readings += 1
        return 1_000_000_005n
      },
    }
    const out = new OutputBuffer()

    writerOf('%t', noNewline)(publishView(message), clock, out)
    assert.equal(readings, 0)
    writerOf(' %U @s.@N', noNewline)(publishView(message), clock, out)

    assert.equal(readings, 1)
    assert.equal(out.take().toString(), 'home/door 1.000000005 1.000000005')
  })
})

describe('hexadecimal groups of mosquitto_sub 2.1', () => {
  const rows: readonly [format: string, payload: string, expected: string][] = [
    ['%.2x', 'hello', '68 65 6c 6c 6f'],
    ['%.2:x', 'hello', '68:65:6c:6c:6f'],
    ['%.4-X', 'hello', '6865-6C6C-6F'],
    ['%.1.x', 'he', '6.8.6.5'],
    ['%.3,x', 'hello', '686,56c,6c6,f'],
    ['%.0:x', 'he', '6865'],
    ['%:x', 'he', '6865'],
    ['%2.2:x', 'hello', '68:65'],
    ['%8.2:x', 'he', '  :  :68:65'],
    ['%08.2:x', 'he', '00:00:68:65'],
    ['%-8.2:x|', 'he', '68:65    |'],
    ['%.2:x', '', ''],
  ]
  for (const [format, payload, expected] of rows) {
    test(`'${format}' of '${payload}' is '${expected}'`, () => {
      assert.equal(printed(format, { topic: 't', payload }), expected)
    })
  }
})

describe('payloads that are one number, as mosquitto_sub 2.1 prints them', () => {
  const rows: readonly [format: string, littleEndianHex: string, expected: string][] = [
    ['%f', '0000c03f', '1.500000'],
    ['%.2f', 'c3f54840', '3.14'],
    ['%.0f', '00002040', '2'], // 2.5: halves go to even
    ['%.20f', 'cdcccc3d', '0.10000000149011611938'],
    ['%8.2f|', '0000c0bf', '   -1.50|'],
    ['%-8.2f|', '0000c0bf', '-1.50   |'],
    ['%08.2f|', '0000c0bf', '-0001.50|'],
    ['%08f|', '0000807f', '     inf|'],
    ['%f', '000080ff', '-inf'],
    ['%f', '0000c07f', 'nan'],
    ['%f', '00000080', '-0.000000'],
    ['%d', '000000000000f83f', '1.500000'],
    ['%.1d', '50efe2d6e41a4b44', '1000000000000000000000.0'],
    ['%.3d', '0100000000000000', '0.000'],
  ]
  for (const [format, hex, expected] of rows) {
    test(`'${format}' of ${hex} is '${expected}'`, () => {
      assert.equal(printed(format, { topic: 't', payload: Buffer.from(hex, 'hex') }), expected)
    })
  }

  test('a payload of another length prints nothing there and is warned about', () => {
    const warnings: string[] = []

    const text = printed('[%f|%d]', { topic: 'a/b', payload: 'abc' }, { warn: (text: string) => warnings.push(text) })

    assert.equal(text, '[|]')
    assert.equal(warnings.length, 2)
    assert.match(warnings[0]!, /a\/b.* 3 bytes.* 4/)
  })
})

describe('-F to a terminal', () => {
  const hostile: PublishFields = {
    topic: 't\u001b[1m',
    payload: 'p\u009b\u0007\u202e',
    properties: {
      contentType: 'c\u001b',
      responseTopic: 'r\u0007',
      correlationData: Buffer.of(0x1b, 0xff),
      userProperties: [['k\r', 'v\u0008']],
    },
  }

  test('escapes controls in everything from outside, not the ones in the format [fault 26]', () => {
    const text = printed('\\e[92m%t|%p|%C|%R|%D|%P', hostile, { escape: true })

    assert.equal(text, '\u001b[92mt\\x1b[1m|p\\x9b\\x07\\u202e|c\\x1b|r\\x07|\\x1b\\xff|k\\r:v\\x08')
  })

  test('leaves %j valid JSON when it escapes', () => {
    const text = printed('%j', hostile, { escape: true })

    const { topic, payload } = JSON.parse(text)
    assert.deepEqual({ topic, payload }, { topic: hostile.topic, payload: hostile.payload })
    assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f\u202e]/)
  })

  test('gives a pipe the same bytes as they came [fault 27]', () => {
    const bytes = rendered(writerOf('%D%p', noNewline), [hostile])

    assert.deepEqual(bytes, Buffer.concat([Buffer.of(0x1b, 0xff), Buffer.from('p\u009b\u0007\u202e')]))
  })
})

test('%J of a payload that is not JSON prints nothing, goes on, and is warned about', () => {
  const warnings: string[] = []

  const text = printed('%t[%J]%q', { topic: 'a', payload: '{' }, { warn: (text: string) => warnings.push(text) })

  assert.equal(text, 'a[]0')
  assert.deepEqual(warnings, ['the payload on a is not valid JSON'])
})
