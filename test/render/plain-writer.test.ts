import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReceivedAt } from '../../src/render/message-writer.ts'
import { OutputBuffer } from '../../src/render/output-buffer.ts'
import { plainWriter } from '../../src/render/plain-writer.ts'
import { publishView } from '../support/messages/publish-view.ts'
import { rendered } from '../support/messages/rendered.ts'

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const hello = { topic: 'a/b', payload: 'hello' }
const empty = { topic: 'a/b', payload: '' }

describe('plain output', () => {
  const rows: readonly [string, typeof hello, boolean, boolean, string][] = [
    ['the payload and a newline', hello, false, true, 'hello\n'],
    ['the payload alone with -N', hello, false, false, 'hello'],
    ['topic and payload with -v', hello, true, true, 'a/b hello\n'],
    ['topic and payload without newline with -v -N', hello, true, false, 'a/b hello'],
    ['nothing for an empty payload', empty, false, true, ''],
    ['(null) for an empty payload with -v', empty, true, true, 'a/b (null)\n'],
    ['nothing for an empty payload with -v -N', empty, true, false, ''],
  ]
  for (const [what, message, verbose, endOfLine, expected] of rows) {
    test(`prints ${what}`, () => {
      const printed = rendered(plainWriter({ verbose, endOfLine, escape: false }), [message])

      assert.equal(printed.toString(), expected)
    })
  }

  test('keeps every byte of a binary payload when it goes to a pipe [fault 27]', () => {
    const printed = rendered(plainWriter({ verbose: false, endOfLine: false, escape: false }), [
      { topic: 't', payload: everyByte },
    ])

    assert.deepEqual(printed, everyByte)
  })

  test('asks for no clock', () => {
    const out = new OutputBuffer()
    const noClock: ReceivedAt = {
      get epochNanoseconds(): bigint {
        throw new Error('the clock was read')
      },
    }

    plainWriter({ verbose: true, endOfLine: true, escape: false })(publishView(hello), noClock, out)

    assert.equal(out.take().toString(), 'a/b hello\n')
  })
})

describe('plain output to a terminal', () => {
  const writer = plainWriter({ verbose: true, endOfLine: true, escape: true })

  test('escapes what a terminal would obey, in topic and payload [fault 26]', () => {
    const printed = rendered(writer, [{ topic: 'a\u001b[2J', payload: 'x\u001b]0;t\u0007\r\b\u009b\u202ey' }])

    assert.equal(printed.toString(), 'a\\x1b[2J x\\x1b]0;t\\x07\\r\\x08\\x9b\\u202ey\n')
  })

  test('leaves line ends and tabs of a payload, and text beyond ASCII', () => {
    const printed = rendered(writer, [{ topic: 'straße', payload: '{\n\t"ü": "🚪"\n}' }])

    assert.equal(printed.toString(), 'straße {\n\t"ü": "🚪"\n}\n')
  })

  test('shows each byte of a payload that is not UTF-8 [fault 27]', () => {
    const printed = rendered(writer, [{ topic: 't', payload: Buffer.of(0x61, 0xc3, 0x28, 0xff, 0x00) }])

    assert.equal(printed.toString(), 't a\\xc3(\\xff\\x00\n')
  })
})
