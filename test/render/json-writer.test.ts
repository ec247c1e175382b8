import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { jsonWriter } from '../../src/render/json-writer.ts'
import { rendered } from '../support/messages/rendered.ts'
import type { PublishFields } from '../support/packets/publish-bytes.ts'
import { messages } from '../vectors/format-table.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/message.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv({ allErrors: true }).compile(schema)
// 2026-01-02T03:04:05.123456789Z
const epochNanoseconds = 1_767_323_045_123_456_789n

function line(message: PublishFields, writer = jsonWriter()): string {
  return rendered(writer, [message], { epochNanoseconds }).toString()
}

describe('a message as NDJSON', () => {
  const head = '{"v":1,"ts":"2026-01-02T03:04:05.123456789Z"'
  const rows: readonly [what: string, message: PublishFields, expected: string][] = [
    [
      'a QoS 0 message has no mid',
      { topic: 'a/b', payload: 'hi "you"\n' },
      `${head},"topic":"a/b","qos":0,"retain":false,"dup":false,"payload":"hi \\"you\\"\\n","encoding":"utf8"}\n`,
    ],
    [
      'a payload that is not UTF-8 is base64',
      { topic: 't', payload: Buffer.of(0xff, 0, 0x41), qos: 2, packetId: 7, retain: true, dup: true },
      `${head},"topic":"t","qos":2,"retain":true,"dup":true,"mid":7,"payload":"/wBB","encoding":"base64"}\n`,
    ],
    [
      'an empty payload is an empty string',
      { topic: 't', payload: '' },
      `${head},"topic":"t","qos":0,"retain":false,"dup":false,"payload":"","encoding":"utf8"}\n`,
    ],
    [
      'a byte order mark and U+FFFD that were sent are kept',
      { topic: 't', payload: '\ufeffx\ufffd' },
      `${head},"topic":"t","qos":0,"retain":false,"dup":false,"payload":"\ufeffx\ufffd","encoding":"utf8"}\n`,
    ],
    [
      'controls, C1 and direction marks are escaped [fault 26]',
      { topic: 't\u0085', payload: '\u001b[m\u007f\u009b\u202e\u0000' },
      `${head},"topic":"t\\u0085","qos":0,"retain":false,"dup":false,"payload":"\\u001b[m\\u007f\\u009b\\u202e\\u0000","encoding":"utf8"}\n`,
    ],
    [
      'properties have the names of the standard, pairs keep order and duplicates, binary data is base64 [fault 42]',
      {
        topic: 't',
        payload: 'p',
        properties: {
          userProperties: [
            ['k', 'v'],
            ['__proto__', ''],
            ['k', 'v2'],
          ],
          subscriptionIdentifier: [3, 300],
          correlationData: Buffer.of(0, 255),
          messageExpiryInterval: 4294967295,
        },
      },
      `${head},"topic":"t","qos":0,"retain":false,"dup":false,"payload":"p","encoding":"utf8","properties":{"userProperties":[["k","v"],["__proto__",""],["k","v2"]],"subscriptionIdentifier":[3,300],"correlationData":{"base64":"AP8="},"messageExpiryInterval":4294967295}}\n`,
    ],
  ]
  for (const [what, message, expected] of rows) {
    test(what, () => {
      assert.equal(line(message), expected)
    })
  }

  const jsonPayloads: readonly [payload: string, encoding: string][] = [
    ['{"a":1,"b":[true,null]}', 'json'],
    ['21.5', 'json'],
    ['"\u009b"', 'json'],
    ['{"a": 1}', 'utf8'], // the blank could not be given back
    ['1.0', 'utf8'],
    ['{"a":1,"a":2}', 'utf8'],
    ['12345678901234567890', 'utf8'],
    ['{"2":0,"1":0}', 'utf8'],
    ['open', 'utf8'],
    ['', 'utf8'],
  ]
  for (const [payload, encoding] of jsonPayloads) {
    test(`asked to parse payloads, ${JSON.stringify(payload)} is ${encoding} and can be given back exactly`, () => {
      const text = line({ topic: 't', payload }, jsonWriter({ parsePayload: true }))

      const record = JSON.parse(text)
      assert.equal(record.encoding, encoding)
      assert.equal(encoding === 'json' ? JSON.stringify(record.payload) : record.payload, payload)
      assert.ok(!text.includes('\u009b'))
    })
  }

  test('every message of the table fits the schema and gives back its bytes [fault 27]', () => {
    for (const parsePayload of [false, true]) {
      for (const message of messages) {
        const record = JSON.parse(line(message, jsonWriter({ parsePayload })))

        assert.ok(isMessage(record), JSON.stringify(validate.errors))
        assert.deepEqual(payloadOf(record), Buffer.from(message.payload))
        assert.equal(record.topic, message.topic)
      }
    }
  })

  test('the schema refuses a mid at QoS 0, a missing one above it, and a key that it does not know', () => {
    const record = JSON.parse(line({ topic: 't', payload: 'p', qos: 1, packetId: 1 }))

    assert.equal(isMessage(record), true)
    assert.equal(isMessage({ ...record, qos: 0 }), false)
    assert.equal(isMessage({ ...record, mid: undefined }), false)
    assert.equal(isMessage({ ...record, extra: 1 }), false)
    assert.equal(isMessage({ ...record, payload: 1 }), false)
  })
})

function isMessage(record: unknown): boolean {
  return validate(record)
}

function payloadOf({ payload, encoding }: { payload: unknown; encoding: string }): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(payload))
  return Buffer.from(payload as string, encoding === 'base64' ? 'base64' : 'utf8')
}
