import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { decodeBytes } from '../../../src/features/inspect/decode-bytes.ts'
import type { InspectedPacket } from '../../../src/observation/inspected-packet.ts'
import { StreamReader } from '../../../src/observation/stream-reader.ts'
import type { Sender } from '../../../src/protocol/wire/packet.ts'
import { createTheme } from '../../../src/render/theme.ts'
import { traceLine } from '../../../src/render/trace-line.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'
import { drawn, drawnBytes, everyView } from './inspected.ts'

const connect = '10 12 0004 4d515454 05 02 003c 03 210014 0002 6331'
const publish = '32 0a 0003 612f62 0007 00 6869'

/** Packets of a source with a clock. */
function timed(passed: readonly (readonly [Sender, string, number])[]): InspectedPacket[] {
  const packets: InspectedPacket[] = []
  const reader = new StreamReader((packet) => packets.push(packet))
  reader.opened(1)
  for (const [direction, hex, atMicroseconds] of passed) {
    reader.push({ direction, bytes: fromHex(hex), atMicroseconds, connection: 1 })
  }
  return packets
}

describe('the line view', () => {
  test('prints what --trace prints', () => {
    const packets = timed([
      ['client', connect, 10],
      ['server', '20 03 00 00 00', 300],
      ['client', publish, 400],
      ['server', '40 02 0007', 650],
    ])
    const traced = packets.map((packet) => `${traceLine(packet, createTheme(false))}\n`).join('')

    assert.equal(drawn('line', packets, { isTimed: true }), traced)
  })

  test('has places in place of times where nobody timed the bytes', () => {
    assert.equal(
      drawnBytes('line', fromHex(`${connect} 20 03 00 00 00 ${publish} 40 02 0007`)),
      [
        '     @0 → CONNECT     MQTT 5 client-id="c1" clean-start keep-alive=60s receive-maximum=20',
        '    @20 ← CONNACK     0x00 Success · connected as "c1", keep-alive 60 s',
        '    @25 → PUBLISH     "a/b" qos=1 mid=7 2 B "hi" · out#1',
        '    @37 ← PUBACK      mid=7 0x00 Success · out#1 "a/b" complete',
        '',
      ].join('\n'),
    )
  })

  test('names for each broken rule the byte, the statement and the answer of a conforming peer', () => {
    assert.match(
      drawnBytes('line', fromHex('36 07 0002 6162 0001 00')),
      /\n {4}! byte 0 \(0x36\) breaks \[MQTT-3\.3\.1-4\]: .*; the server must close the connection \[MQTT-4\.13\.1-1\], after DISCONNECT 0x81 Malformed Packet\n$/,
    )
  })
})

test('the tree has every field with its bytes', () => {
  assert.equal(
    drawnBytes('tree', fromHex(connect)),
    [
      '     @0 → CONNECT     MQTT 5 client-id="c1" clean-start keep-alive=60s receive-maximum=20',
      '    0..1        fixed header',
      '    0             type: CONNECT',
      '    0             flags: 0x00',
      '    1             remaining length: 18',
      '    2..7        protocol name: "MQTT"',
      '    8           protocol level: 5',
      '    9           connect flags: 0x02',
      '    9             username: false',
      '    9             password: false',
      '    9             will retain: false',
      '    9             will qos: 0',
      '    9             will: false',
      '    9             clean start: true',
      '    10..11      keep alive seconds: 60',
      '    12..15      properties',
      '    12            length: 3',
      '    13..15        Receive Maximum (0x21): 20',
      '    16..19      client id: "c1"',
      '',
      '',
    ].join('\n'),
  )
})

describe('the hexdump', () => {
  /** The bytes in its second column. */
  function dumped(text: string): string {
    return [...text.matchAll(/^ {4} {0,4}\d+ {2}((?:[0-9a-f]{2} ?)+)/gm)]
      .map(([, bytes = '']) => bytes.replaceAll(' ', ''))
      .join('')
  }

  test('has each byte of each vector once, in order, well-formed or not', () => {
    const hexes = [
      ...packetVectors.map(({ hex, version, sender }) => ({ hex, version, sender })),
      ...malformedVectors.map(([, version, sender, hex]) => ({ hex, version, sender })),
    ]
    for (const { hex, version, sender } of hexes) {
      const packets = decodeBytes(fromHex(hex), { version, sender })
      assert.equal(dumped(drawn('hex', packets, { showSecrets: true })), hex.replace(/\s/g, ''), hex)
    }
  })

  test('stands beside the tree', () => {
    assert.match(
      drawnBytes('hex', fromHex(`${connect} 20 03 00 00 00 ${publish}`)),
      / {8}2 {2}00 03 61 2f 62 {11}\.\.a\/b {5}topic: "a\/b"\n {8}7 {2}00 07 {20}\.\. {8}packet id: 7\n/,
    )
  })

  test('gives neighbours different colours', () => {
    const text = drawnBytes('hex', fromHex(publish), { color: true })
    const [topic] = /\x1b\[\d+m00 03 61/.exec(text) ?? []
    const [packetId] = /\x1b\[\d+m00 07/.exec(text) ?? []

    assert.ok(topic !== undefined && packetId !== undefined)
    assert.notEqual(topic.slice(0, 5), packetId.slice(0, 5))
  })

  test('cuts a long payload short, and says by how much', () => {
    const long = Buffer.concat([fromHex('30 c4 27 0001 61 00'), Buffer.alloc(5056)])
    const text = drawnBytes('hex', long)

    assert.match(text, /… 4544 B more/)
    assert.ok(text.split('\n').length < 90)
  })
})

describe('the sequence diagram', () => {
  test('draws a QoS 2 handshake with the time of each step', () => {
    const text = drawn(
      'sequence',
      timed([
        ['client', '34 07 0002 6162 0001 00', 100],
        ['server', '50 02 0001', 300],
        ['client', '62 02 0001', 310],
        ['server', '70 02 0001', 500],
      ]),
      { isTimed: true },
    )

    assert.equal(
      text,
      [
        'out#1 "ab" QoS 2, complete in 400 µs',
        '  client                                                       broker',
        '    |-- PUBLISH qos=2 mid=1 ------------------------------------>|      100 µs',
        '    |<------------------------------------------- PUBREC mid=1 --|     +200 µs',
        '    |-- PUBREL mid=1 ------------------------------------------->|      +10 µs',
        '    |<------------------------------------------ PUBCOMP mid=1 --|     +190 µs',
        '',
        '',
      ].join('\n'),
    )
  })

  test('keeps handshakes apart that run at the same time', () => {
    const text = drawn(
      'sequence',
      timed([
        ['client', '32 06 0001 61 0001 00', 0],
        ['client', '32 06 0001 62 0002 00', 1],
        ['server', '40 02 0002', 2],
        ['server', '40 03 0001 87', 3],
      ]),
    )
    const titles = text.split('\n').filter((line) => line.startsWith('out#'))

    assert.deepEqual(titles, ['out#2 "b" QoS 1, complete', 'out#1 "a" QoS 1, refused'])
  })

  test('names a client by the identifier that the server assigned to it', () => {
    const text = drawn(
      'sequence',
      timed([
        ['client', '10 0d 0004 4d515454 05 02 003c 00 0000', 0],
        ['server', '20 07 00 00 04 12 0001 7a', 1],
      ]),
    )

    assert.match(text, /^connect "z"/)
  })

  test('draws at the end what never ended', () => {
    assert.match(drawn('sequence', timed([['client', '32 06 0001 61 0001 00', 0]])), /^out#1 "a" QoS 1, unfinished\n/)
  })
})

test('mermaid gets its own characters as entities', () => {
  assert.deepEqual(drawnBytes('mermaid', fromHex('30 09 0003 613b62 00 782379')).split('\n'), [
    'sequenceDiagram',
    '    participant S as broker',
    '    participant C1 as client 1',
    '    C1->>S: PUBLISH "a#59;b" qos=0 3 B "x#35;y"',
    '',
  ])
})

describe('every view', () => {
  const hostile = '\x1b[31m\x1b]0;t\x07\r\b\x9b\u202e'

  test('escapes what a terminal would obey', () => {
    const text = Buffer.from(hostile)
    const field = Buffer.concat([Buffer.from([0, text.length]), text])
    const properties = Buffer.concat([Buffer.from([0x26]), field, field])
    const body = Buffer.concat([field, Buffer.from([properties.length]), properties, text])
    const bytes = Buffer.concat([Buffer.from([0x30, body.length]), body])
    for (const view of everyView) {
      assert.doesNotMatch(drawnBytes(view, bytes), /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/, view)
    }
  })

  test('draws every vector, well-formed or not', () => {
    for (const view of everyView) {
      for (const { hex, version, sender } of packetVectors) {
        assert.notEqual(drawn(view, decodeBytes(fromHex(hex), { version, sender })), '', `${view} ${hex}`)
      }
      for (const [name, version, sender, hex, , rule] of malformedVectors) {
        const text = drawn(view, decodeBytes(fromHex(hex), { version, sender }))
        assert.ok(name === 'more bytes than declared' || text.includes(rule), `${view} ${name}`)
      }
    }
  })
})

describe('no view shows', () => {
  const password = Buffer.from('canary')
  const hexPassword = password.toString('hex')
  const field = (text: string) => `${text.length.toString(16).padStart(4, '0')} ${Buffer.from(text).toString('hex')}`
  const cases: readonly (readonly [name: string, hex: string])[] = [
    ['a password', `10 1a 0004 4d515454 05 c2 003c 00 0002 6331 ${field('u')} ${field('canary')}`],
    ['a password below MQTT 5', `10 19 0004 4d515454 04 c2 003c 0002 6331 ${field('u')} ${field('canary')}`],
    ['authentication data', `f0 12 18 10 15 ${field('X')} 16 ${field('canary')} 1f 0000`],
    ['authentication data of CONNACK', `20 10 00 00 0d 15 ${field('X')} 16 ${field('canary')}`],
    ['a password that is cut off', `10 1b 0004 4d515454 05 c2 003c 00 0002 6331 ${field('u')} 0009 ${hexPassword}`],
    [
      'a password behind a bad will topic',
      `10 21 0004 4d515454 05 c6 003c 00 0002 6331 00 0001 23 0000 ${field('u')} ${field('canary')}`,
    ],
    ['a password that no flag announces', `10 17 0004 4d515454 05 02 003c 00 0002 6331 ${field('canary')}`],
    ['a password at a level that does not exist', `10 17 0004 4d515454 09 02 003c 00 0002 6331 ${field('canary')}`],
    [
      'a password that runs over the end of CONNECT',
      `10 15 0004 4d515454 05 c2 003c 00 0002 6331 ${field('u')} ${field('canary')}`,
    ],
    [
      'a password in bytes after a length of five bytes',
      `ff ff ff ff ff 0004 4d515454 05 c2 003c 00 0002 6331 ${field('u')} ${field('canary')}`,
    ],
  ]
  for (const [name, hex] of cases) {
    test(name, () => {
      const bytes = fromHex(hex)
      for (const view of everyView) {
        const text = drawnBytes(view, bytes)
        assert.doesNotMatch(text, /canary|nary/, view)
        assert.ok(!text.replaceAll(' ', '').includes(hexPassword.slice(4)), view)
        assert.ok(!text.includes(password.toString('base64')), view)
      }
    })
  }

  test('anything of a frame that a password became by running over', () => {
    const connect = `10 13 0004 4d515454 05 c2 003c 00 0002 6331 ${field('u')} 00`
    const packets = decodeBytes(fromHex(`${connect} 03 30 63 61`), {})

    assert.deepEqual(packets[1]?.fields, [])
    assert.deepEqual([packets[1]?.violation?.packet, packets[1]?.violations[0]?.byte], [undefined, undefined])
    assert.doesNotMatch(drawn('line', packets), /PUBLISH|0x30|99/)
  })

  test('secrets, unless it is told to', () => {
    const bytes = fromHex(cases[0]?.[1] ?? '')

    assert.match(drawnBytes('tree', bytes, { showSecrets: true }), /password: 6 B "canary"/)
    assert.match(drawnBytes('hex', bytes, { showSecrets: true }), /00 06 63 61 6e 61 72 79/)
    assert.equal(JSON.parse(drawnBytes('json', bytes, { showSecrets: true })).wire, bytes.toString('hex'))
  })
})

test('every record is as its schema says, secrets shown or not, timed or not', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../docs/schemas/inspect-packet.schema.json', import.meta.url), 'utf8'),
  )
  const isRecord = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
  for (const isTimed of [true, false]) {
    for (const showSecrets of [true, false]) {
      const vectors = [
        ...packetVectors.map(({ hex, version, sender }) => ({ hex, version, sender })),
        ...malformedVectors.map(([, version, sender, hex]) => ({ hex, version, sender })),
      ]
      for (const { hex, version, sender } of vectors) {
        const lines = drawn('json', decodeBytes(fromHex(hex), { version, sender }), { isTimed, showSecrets })
        for (const line of lines.trim().split('\n')) {
          assert.ok(isRecord(JSON.parse(line)), `${hex}: ${JSON.stringify(isRecord.errors)} ${line}`)
        }
      }
    }
  }
})
