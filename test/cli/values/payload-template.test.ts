import assert from 'node:assert/strict'
import { test } from 'node:test'
import { payloadTemplate } from '../../../src/cli/values/payload-template.ts'
import { refused } from './refused.ts'

test('a template is taken apart at its places', () => {
  assert.deepEqual(payloadTemplate('{"c":"%c","n":%s,"t":%t,"at":"%T","v":%n(18, 25.50),"h":"5%%"}', '--template'), [
    { placeholder: 'client', pattern: '{"c":"%c","n":' },
    { placeholder: 'sequence' },
    { placeholder: 'client', pattern: ',"t":' },
    { placeholder: 'milliseconds' },
    { placeholder: 'client', pattern: ',"at":"' },
    { placeholder: 'date' },
    { placeholder: 'client', pattern: '","v":' },
    { placeholder: 'number', minimum: 1800, maximum: 2550, decimals: 2 },
    { placeholder: 'client', pattern: ',"h":"5%%"}' },
  ])
})

test('text without places, and no text at all, are templates too', () => {
  assert.deepEqual(payloadTemplate('plain\n', '--template'), [{ placeholder: 'client', pattern: 'plain\n' }])
  assert.deepEqual(payloadTemplate('', '--template'), [])
})

const wrong = [
  '%d',
  '5%',
  '%',
  '%n',
  '%n(5)',
  '%n(5,',
  '%n(1,2,3)',
  '%n(2,1)',
  '%n(a,b)',
  '%n(1e3,2e3)',
  '%😀',
  '%__proto__',
]
for (const text of wrong) {
  test(`${text} is refused, and the places are named`, () => {
    assert.match(refused(() => payloadTemplate(`a ${text}`, '--template')).message, /^--template: /)
  })
}
