import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appendNormalizedJson } from '../../../src/payload/json/json-normalizer.ts'
import { OutputBuffer } from '../../../src/render/output-buffer.ts'

// What mosquitto_sub 2.0.11 prints for `%J`; undefined where it says that the payload is not JSON.
const rows: readonly [payload: string, expected: string | undefined][] = [
  ['1.0', '1'],
  ['01', '1'],
  ['-0', '-0'],
  ['-', undefined],
  ['1.', '1'],
  ['.5', undefined],
  ['+1', undefined],
  ['1-2', undefined],
  ['1e', undefined],
  ['1.5e3', '1500'],
  ['1E3', '1000'],
  ['1e15', '1e+15'],
  ['123456789012345', '123456789012345'],
  ['1234567890123456789', '1.2345678901234568e+18'],
  ['100000000000000000000', '1e+20'],
  ['0.1', '0.1'],
  ['0.0001', '0.0001'],
  ['1e-5', '1e-05'],
  ['0.30000000000000004', '0.3'],
  ['2.718281828459045', '2.7182818284590451'],
  ['5e-324', '4.94065645841247e-324'],
  ['1.7976931348623157e308', '1.79769313486232e+308'],
  ['1e400', 'null'],
  [' [1 , 2 ] \n', '[1,2]'],
  ['{ }', '{}'],
  ['[1,]', undefined],
  ['[1 2]', undefined],
  ['[1', undefined],
  ['{"a" : }', undefined],
  ['{"a":1,}', undefined],
  ['{"a":1,"a":2}', '{"a":1,"a":2}'],
  ['{"2":0,"1":0}', '{"2":0,"1":0}'],
  ['nul', undefined],
  ['true', 'true'],
  ['1 2', undefined],
  ['[1]x', undefined],
  ["'a'", undefined],
  ['"open', undefined],
  ['"open\\', undefined],
  ['"\\x"', undefined],
  ['"a\\u12g4b"', '"a"'],
  ['"a\\u12"', undefined],
  ['"\\ud83d\\u0041"', undefined],
  ['-.5', '-0.5'],
  ['"a\u0001b"', '"a\\u0001b"'],
  ['"\\u0041\\u0000x"', '"A"'],
  ['"\\ud83d\\ude00"', '"😀"'],
  ['"\\ud83d"', undefined],
  ['"\\u00e9\\u20ac\\u001f"', '"é€\\u001f"'],
  ['\ufeff1', '1'],
  ['\u00011\u0001', '1'],
  ['1\u0000', undefined],
  ['', undefined],
  [`${'['.repeat(1000)}${']'.repeat(1000)}`, `${'['.repeat(1000)}${']'.repeat(1000)}`],
  [`${'['.repeat(1001)}${']'.repeat(1001)}`, undefined],
]
for (const [payload, expected] of rows) {
  test(`${JSON.stringify(payload).slice(0, 60)} is ${expected === undefined ? 'not JSON' : 'written anew'}`, () => {
    const out = new OutputBuffer()
    const bytes = Buffer.from(`"1${payload}]1"`) // neighbours that must not be read

    const isJson = appendNormalizedJson(bytes, 2, bytes.length - 3, out)

    assert.equal(isJson, expected !== undefined)
    if (isJson) assert.equal(out.take().toString(), expected)
  })
}
