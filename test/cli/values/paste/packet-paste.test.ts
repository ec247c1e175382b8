import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { packetBytes } from '../../../../src/cli/values/inspect/packet-bytes.ts'
import { refused } from '../refused.ts'

const read = (text: string) => packetBytes(Buffer.from(text), 'auto', 'input').toString('hex')

/** PUBLISH to a/b. */
const hello = '300b0003612f6268656c6c6f0a01'

const pastes: readonly (readonly [what: string, text: string, hex: string])[] = [
  ['one word a byte', '0x20 0x2 0x0 0x0', '20020000'],
  ['one word a byte with commas', '0x20,0x2,0x0,0x0,', '20020000'],
  ['a Buffer of Node', '<Buffer 30 03 00 01 61>', '3003000161'],
  ['a Buffer of Node as JSON', '{"type":"Buffer","data":[48,3,0,1,97]}', '3003000161'],
  ['an array of JSON', '[48, 3, 0, 1, 97]', '3003000161'],
  ['an array of hex strings', '["0x30", "0x03", "00", "01", "61"]', '3003000161'],
  ['an Uint8Array', 'Uint8Array(5) [ 48, 3, 0, 1, 97 ]', '3003000161'],
  ['an array of C', 'static const unsigned char p[] = {0x30, 0x03, 0x00, 0x01, 0x61};', '3003000161'],
  [
    'an array of C with a length, over two lines',
    'uint8_t p[5] = {\n  0x30, 0x3,\n  0x0, 0x1, 0x61,\n};',
    '3003000161',
  ],
  ['a slice of Go', '[]byte{0x30, 0x3, 0x0, 0x1, 0x61}', '3003000161'],
  ['a string of escapes', '"\\x30\\x03\\x00\\x01\\x61"', '3003000161'],
  ['bytes of Python', "b'0\\x03\\x00\\x01a'", '3003000161'],
  ['bytes of Python with every escape', `b"0\\x0e\\x00\\x01a\\n\\r\\t\\\\\\'\\""`, '300e0001610a0d095c2722'],
  ['a bytearray of Python', "bytearray(b'0\\x03\\x00\\x01a')", '3003000161'],
  ['bytes of a list of Python', 'bytes([48, 3, 0, 1, 97])', '3003000161'],
  ['bars', '30 | 03 | 00 | 01 | 61', '3003000161'],
  ['a byte order mark', '\ufeff30 03 00 01 61', '3003000161'],
  ['hexdump -C', '00000000  30 0b 00 03 61 2f 62 68  65 6c 6c 6f 0a 01        |0...a/bhello..|\n0000000e', hello],
  ['hexdump -C without its end', '00000000  30 03 00 01 61                                    |0...a|', '3003000161'],
  [
    'hexdump -C whose text looks like hex',
    '00000000  30 05 00 02 61 62 63                              |0...abc|',
    '30050002616263',
  ],
  ['xxd', '00000000: 300b 0003 612f 6268 656c 6c6f 0a01       0...a/bhello..', hello],
  ['xxd -g1', '00000000: 30 0b 00 03 61 2f 62 68 65 6c 6c 6f 0a 01        0...a/bhello..', hello],
  ['xxd -g4', '00000000: 300b0003 612f6268 656c6c6f 0a01      0...a/bhello..', hello],
  ['od -tx1', '0000000 30 0b 00 03 61 2f 62 68 65 6c 6c 6f 0a 01\n0000016', hello],
  ['od -Ax -tx1', '000000 30 0b 00 03 61 2f 62 68 65 6c 6c 6f 0a 01\n00000e', hello],
  ['od -An -tx1', ' 30 0b 00 03 61 2f 62 68 65 6c 6c 6f 0a 01', hello],
  ['Wireshark', '0000   30 0b 00 03 61 2f 62 68 65 6c 6c 6f 0a 01         0...a/bhello..', hello],
  ['Wireshark, with a gap', '0000  30 0b 00 03 61 2f 62 68  65 6c 6c 6f 0a 01        0...a/b hello..', hello],
  ['Wireshark, bytes alone, from the middle of a frame', '0042   30 03 00 01 61', '3003000161'],
  [
    'tcpdump -x',
    [
      '12:00:00.000001 IP 127.0.0.1.1883 > 127.0.0.1.4000: Flags [P.], seq 1:5, ack 1, win 512, length 4',
      '\t0x0000:  4500 0038 0001 4000 4006 3cbd 7f00 0001',
      '\t0x0010:  7f00 0001 075b 0fa0 0000 0001 0000 0001',
      '\t0x0020:  8018 0200 fe2c 0000 0101 080a 0000 0001',
      '\t0x0030:  0000 0001 2002 0000',
    ].join('\n'),
    '20020000',
  ],
  [
    'tcpdump -X, which has a dot for a blank',
    [
      '\t0x0000:  4500 0038 0001 4000 4006 3cbd 7f00 0001  E..8..@.@.<.....',
      '\t0x0010:  7f00 0001 075b 0fa0 0000 0001 0000 0001  .....[..........',
      '\t0x0020:  8018 0200 fe2c 0000 0101 080a 0000 0001  .....,..........',
      '\t0x0030:  0000 0001 2002 003c                      .......<',
    ].join('\n'),
    '2002003c',
  ],
]

describe('a paste of', () => {
  for (const [what, text, hex] of pastes) {
    test(`${what} is read`, () => {
      assert.equal(read(text), hex)
    })
  }
})

describe('a dump of many bytes', () => {
  const payload = Buffer.from(Array.from({ length: 300 }, (_, index) => (index < 150 ? 0x61 : (index * 89) & 0xff)))
  const packet = Buffer.concat([Buffer.from('30b1020003612f62', 'hex'), Buffer.from('00', 'hex'), payload])
  const tools = [
    ['hexdump', '-C'],
    ['xxd'],
    ['xxd', '-g1'],
    ['xxd', '-p'],
    ['od', '-tx1'],
    ['od', '-Ad', '-tx1'],
    ['od', '-Ax', '-tx1z'],
    ['od', '-v', '-An', '-tx1'],
  ] as const
  for (const [tool, ...args] of tools) {
    const ran = spawnSync(tool, args, { input: packet })
    const skip = ran.error === undefined ? false : `${tool} is missing`

    test(`by ${[tool, ...args].join(' ')} is read, with its squeezed lines`, { skip }, () => {
      assert.equal(read(ran.stdout.toString()), packet.toString('hex'))
    })
  }

  for (const [tool, ...args] of [
    ['hexdump'],
    ['od'],
    ['od', '-x'],
    ['od', '-b'],
    ['od', '-c'],
    ['xxd', '-e'],
    ['xxd', '-b'],
  ] as const) {
    const ran = spawnSync(tool, args, { input: packet })
    const skip = ran.error === undefined ? false : `${tool} is missing`

    test(`by ${[tool, ...args].join(' ')}, whose words are no bytes in their order, is refused`, { skip }, () => {
      assert.match(refused(() => read(ran.stdout.toString())).message, /dump/)
    })
  }
})

describe('what may be something else is refused:', () => {
  const refusals: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['decimal numbers', '48 3 0 1 97', /decimal/],
    ['decimal numbers with commas', '48, 3, 0, 1, 97', /decimal/],
    ['numbers of one digit', '20 2 0 0', /decimal/],
    ['a list of two digits each', '[30, 10, 20]', /decimal numbers or hex/],
    ['a list with a number above 255', '[48, 300]', /"300"/],
    ['a list of octal numbers', '{060, 03}', /"060"/],
    ['an ellipsis', '30 03 00 …', /ellipsis/],
    ['three dots', '<Buffer 30 03 00 ... 50 more bytes>', /ellipsis/],
    ['text among escapes, which C reads in another way', '\\x30\\x03\\x00\\x01ab', /neither/],
    ['typographic quotes', '“30 03”', /neither/],
    ['bars around text', '30 61 |0a|', /neither/],
    ['a dump with a line missing', '00000000: 3003\n00000010: 0001', /places/],
    ['a dump whose text does not agree', '00000000: 0330 0100                                0..x', /dump/],
    ['lines that were left out', ' 61 61 61 61\n*\n 61 61', /leaves lines out/],
    ['a word', 'PING', /neither/],
    ['half a byte', '30 03 0', /two|decimal/],
  ]
  for (const [what, text, message] of refusals) {
    test(what, () => {
      assert.match(refused(() => read(text)).message, message)
    })
  }

  for (const [kind, magic] of [
    ['pcap', 'd4c3b2a1'],
    ['pcap', 'a1b23c4d'],
    ['pcapng', '0a0d0d0a'],
  ] as const) {
    test(`a capture file, ${kind}, with what helps`, () => {
      const file = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(20)])

      const error = refused(() => packetBytes(file, 'auto', 'input'))

      assert.match(error.message, new RegExp(`capture file \\(${kind}\\)`))
      assert.match(error.details.tries?.join() ?? '', /tshark -r/)
    })
  }
})
