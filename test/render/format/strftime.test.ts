import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type StrftimeLetter, strftime, strftimeLetters } from '../../../src/render/format/strftime.ts'

describe('strftime', () => {
  const zoneBefore = process.env.TZ
  before(() => {
    process.env.TZ = 'Europe/Berlin'
  })
  after(() => {
    if (zoneBefore === undefined) delete process.env.TZ
    else process.env.TZ = zoneBefore
  })

  // 2024-12-30 is a Monday, in week 1 of 2025 by ISO 8601. 21:07:08 UTC is 22:07:08 in Berlin.
  const monday = Date.UTC(2024, 11, 30, 21, 7, 8)
  const expected: Readonly<Record<StrftimeLetter, string>> = {
    '%': '%',
    a: 'Mon',
    A: 'Monday',
    b: 'Dec',
    B: 'December',
    c: 'Mon Dec 30 22:07:08 2024',
    C: '20',
    d: '30',
    D: '12/30/24',
    e: '30',
    F: '2024-12-30',
    g: '25',
    G: '2025',
    h: 'Dec',
    H: '22',
    I: '10',
    j: '365',
    k: '22',
    l: '10',
    m: '12',
    M: '07',
    n: '\n',
    p: 'PM',
    P: 'pm',
    r: '10:07:08 PM',
    R: '22:07',
    s: '1735592828',
    S: '08',
    t: '\t',
    T: '22:07:08',
    u: '1',
    U: '52',
    V: '01',
    w: '1',
    W: '53',
    x: '12/30/24',
    X: '22:07:08',
    y: '24',
    Y: '2024',
    z: '+0100',
    Z: 'CET',
  }
  for (const letter of strftimeLetters) {
    test(`%${letter} of a Monday evening in Berlin is ${JSON.stringify(expected[letter])}`, () => {
      assert.equal(strftime(letter, new Date(monday)), expected[letter])
    })
  }

  const zones: readonly [tz: string, name: string][] = [
    ['UTC', 'UTC'],
    ['America/New_York', 'EDT'],
    ['Europe/London', 'BST'],
    ['Europe/Berlin', 'CEST'],
    ['Asia/Tokyo', 'JST'],
    ['Asia/Kolkata', 'IST'],
    ['Asia/Jerusalem', 'IDT'],
    ['America/St_Johns', 'NDT'],
    ['America/Sao_Paulo', '-03'],
    ['Asia/Kathmandu', '+0545'],
  ]
  for (const [tz, name] of zones) {
    test(`%Z of a July day in ${tz} is ${name}`, () => {
      process.env.TZ = tz

      assert.equal(strftime('Z', new Date(Date.UTC(2026, 6, 5, 12))), name)
      process.env.TZ = 'Europe/Berlin'
    })
  }
})
