import assert from 'node:assert/strict'
import { test } from 'node:test'
import { payloadTemplate } from '../../../src/cli/values/payload-template.ts'
import { refused } from './refused.ts'

test('a template is taken apart at its places', () => {
  assert.deepEqual(payloadTemplate('{"c":"%c","n":%s,"t":%t,"at":"%T","v":%n(18, 25.50),"h":"5%%"}', '--template'), [
    { place: 'client', pattern: '{"c":"%c","n":' },
    { place: 'sequence' },
    { place: 'client', pattern: ',"t":' },
    { place: 'milliseconds' },
    { place: 'client', pattern: ',"at":"' },
    { place: 'date' },
    { place: 'client', pattern: '","v":' },
    { place: 'number', minimum: 1800, maximum: 2550, decimals: 2 },
    { place: 'client', pattern: ',"h":"5%%"}' },
  ])
})

test('text without places, and no text at all, are templates too', () => {
  assert.deepEqual(payloadTemplate('plain\n', '--template'), [{ place: 'client', pattern: 'plain\n' }])
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
