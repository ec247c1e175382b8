import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessageFormat } from '../../src/render/message-format.ts'

describe('a format of -F', () => {
  test('is read into text, fields and times', () => {
    const parsed = parseMessageFormat('é%% %-012.3:x@H\\n%t')

    const noLayout = { leftAlign: false, zeroPad: false, width: 0, precision: undefined, separator: undefined }
    assert.deepEqual(parsed, {
      format: [
        { kind: 'text', text: 'é' },
        { kind: 'text', text: '%' },
        { kind: 'text', text: ' ' },
        {
          kind: 'field',
          letter: 'x',
          layout: { leftAlign: true, zeroPad: true, width: 12, precision: 3, separator: ':' },
        },
        { kind: 'time', letter: 'H' },
        { kind: 'text', text: '\n' },
        { kind: 'field', letter: 't', layout: noLayout },
      ],
    })
  })

  test('takes each separator that mosquitto_sub 2.1 takes', () => {
    for (const separator of '!"#$&\'()*+,-./:;<=>?@[\\]^_`{|}~ ') {
      const parsed = parseMessageFormat(`%.2${separator}x`)

      assert.ok('format' in parsed, separator)
      const [part] = parsed.format
      assert.ok(part?.kind === 'field' && part.layout.separator === separator && part.layout.precision === 2, separator)
    }
  })

  const mistakes: readonly [format: string, named: string, character: number][] = [
    ['%', '%', 1],
    ['%t %', '%', 4],
    ['%5', '%5', 1],
    ['%-0', '%-0', 1],
    ['%5.', '%5.', 1],
    ['%.2:', '%.2:', 1],
    ['%z', 'z', 2],
    ['ab%z', 'z', 4],
    ['%--5l', '5', 4],
    ['%0-5l', '5', 4],
    ['%é', 'é', 2],
    ['🚪%🚪', '🚪', 3],
    ['100% sure', 's', 6],
    ['@', '@', 1],
    ['x@', '@', 2],
    ['@!', '!', 2],
    ['@E', 'E', 2],
    ['@3', '3', 2],
    ['\\', '\\', 1],
    ['\\q', 'q', 2],
    ['%t\\', '\\', 3],
    ['%99999999999l', 'l', 13],
    ['%__proto__', '_', 3],
    ['\\__proto__', '_', 2],
  ]
  for (const [format, named, character] of mistakes) {
    test(`${JSON.stringify(format)} is refused, naming '${named}' and character ${character}`, () => {
      const parsed = parseMessageFormat(format)

      assert.ok('problem' in parsed)
      assert.ok(parsed.problem.includes(`'${named}'`), parsed.problem)
      assert.ok(parsed.problem.includes(`character ${character} of ${[...format].length}`), parsed.problem)
    })
  }
})
