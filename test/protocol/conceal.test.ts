import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { concealing, concealPacket, findingRepeats } from '../../src/protocol/conceal.ts'

describe('what a peer repeats of a secret', () => {
  const cases: ReadonlyArray<readonly [what: string, secret: string, words: string, shown: string]> = [
    ['a long one, wherever it stands', 'hunter2-and-more', 'xhunter2-and-morey', 'x***y'],
    ['in other letters', 'Hunter2-and-more', 'HUNTER2-AND-MORE', '***'],
    ['as a URL has it', 'p/w?long!', 'pw=p%2Fw%3Flong!', 'pw=***'],
    ['as base64', 'long secret', 'Basic bG9uZyBzZWNyZXQ=', 'Basic ***='],
    ['as hex', 'long secret', '6c6f6e6720736563726574', '***'],
    ['as JSON has it', 'long "secret"', '{"p":"long \\"secret\\""}', '{"p":"***"}'],
    ['a short one as a word of its own', 'test', 'user test, "test"', 'user ***, "***"'],
    ['a short one within a word, which is not it', 'test', 'a tester of latest', 'a tester of latest'],
    ['one that is nearly nothing', 'a', 'a broker and a user', 'a broker and a user'],
    ['with signs that patterns obey', 'a.b*c(d)', 'axbxc a.b*c(d) [a.b*c(d)]', 'axbxc *** [***]'],
    ['beyond ASCII', 'pässwörd', 'pw pässwörd', 'pw ***'],
  ]
  for (const [what, secret, words, shown] of cases) {
    test(what, () => assert.equal(concealing([secret])(words), shown))
  }

  test('of two, the longer first', () => {
    assert.equal(concealing(['Bearer canary-one', 'canary-one'])('got Bearer canary-one'), 'got ***')
  })

  test('nothing is touched where there is no secret', () => assert.equal(concealing([])('a b'), 'a b'))

  test('in bytes is found where it stands', () => {
    const bytes = Buffer.from('\x30\x10é long secret', 'utf8')

    const [{ start, end } = { start: 0, end: 0 }] = findingRepeats(['long secret'])(bytes)
    assert.equal(bytes.subarray(start, end).toString(), 'long secret')
  })
})

describe('a packet of a peer', () => {
  const conceal = concealing(['long secret'])

  test('loses it in every text that only people read', () => {
    const packet = concealPacket(
      {
        type: 'connack',
        sessionPresent: false,
        reasonCode: 0x86,
        properties: {
          reasonString: 'not long secret',
          serverReference: 'long secret',
          userProperties: [['long secret', 'a long secret']],
          assignedClientIdentifier: 'long secret',
        },
      },
      conceal,
    )

    assert.deepEqual(packet.properties, {
      reasonString: 'not ***',
      serverReference: '***',
      userProperties: [['***', 'a ***']],
      assignedClientIdentifier: 'long secret', // sent again at a reconnect, so it stays what it is
    })
  })

  test('that is a message is left alone: it is delivered', () => {
    const message = {
      type: 'publish',
      topic: 'long secret',
      payload: Buffer.from('long secret'),
      qos: 0,
      retain: false,
      dup: false,
      properties: {},
    } as const

    assert.equal(concealPacket(message, conceal), message)
  })
})
