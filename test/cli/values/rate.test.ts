import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ratePerSecond } from '../../../src/cli/values/rate.ts'
import { MqttCliError } from '../../../src/errors.ts'

describe('a rate', () => {
  for (const [text, perSecond] of [
    ['5000', 5000],
    ['5000/s', 5000],
    ['0.5', 0.5],
    ['30/m', 0.5],
    ['90/h', 0.025],
    ['1.5/m', 0.025],
  ] as const) {
    test(`${text} is ${perSecond} a second`, () => assert.equal(ratePerSecond(text, '--rate'), perSecond))
  }

  for (const text of ['', '0', '0/m', '-1', '5/d', '5/ms', '5 /s', '1e3', '700000000/m']) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.throws(
        () => ratePerSecond(text, '--rate'),
        (error) => error instanceof MqttCliError && error.kind === 'usage',
      )
    })
  }
})
