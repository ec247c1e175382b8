import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CapturedTalk,
  type CaptureShape,
  framesOf,
  type LinkLayer,
  mangled,
  pcapFile,
  withLosses,
} from '../../../support/packets/captured-talk.ts'
import { fromHex } from '../../../support/packets/hex.ts'
import { inspectedCapture, packetsIn, packetWords } from '../../../support/packets/inspected-capture.ts'

const connect = fromHex('100f 0004 4d515454 04 02 003c 0003 616263') // 3.1.1, client abc
const connack = fromHex('20020000')
const subscribe = fromHex('8208 0001 0003 612f23 01') // a/#, QoS 1
const suback = fromHex('9003 0001 01')
const disconnect = fromHex('e000')

function publish(packetId: number, payloadBytes = 3): Buffer {
  const payload = Buffer.alloc(payloadBytes, 0x78)
  const length = 2 + 3 + 2 + payloadBytes
  const remaining = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
  return Buffer.concat([Buffer.from([0x32, ...remaining]), fromHex('0003 612f62'), Buffer.from([0, packetId]), payload])
}

function puback(packetId: number): Buffer {
  return Buffer.from([0x40, 2, 0, packetId])
}

const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const wholeTalk = () => {
  const talk = new CapturedTalk().open().client(connect).server(connack).client(subscribe).server(suback)
  for (const id of ids) talk.client(publish(id, 200)).server(puback(id))
  return talk.client(disconnect).close()
}
const wholeWords = [
  '→ connect',
  '← connack',
  '→ subscribe 1',
  '← suback 1',
  ...ids.flatMap((id) => [`→ publish ${id} a/b`, `← puback ${id}`]),
  '→ disconnect',
]

const shapes: readonly (CaptureShape & { readonly name: string; readonly link: LinkLayer })[] = [
  { name: 'Ethernet', link: 'ethernet' },
  { name: 'Ethernet with VLAN', link: 'vlan' },
  { name: 'Ethernet, IPv6', link: 'ethernet', isIpv6: true },
  { name: 'Linux cooked', link: 'cooked' },
  { name: 'Linux cooked 2', link: 'cooked2' },
  { name: 'Linux cooked 2, IPv6', link: 'cooked2', isIpv6: true },
  { name: 'loopback of BSD', link: 'loopback' },
  { name: 'raw IP', link: 'raw' },
  { name: 'raw IP, IPv6', link: 'raw', isIpv6: true },
  { name: 'IPv4 in fragments', link: 'ethernet', fragmentBytes: 64 },
  { name: 'any port', link: 'ethernet', serverPort: 61_616, clientPort: 80 },
]

for (const shape of shapes) {
  test(`every packet is read: ${shape.name}`, async () => {
    const file = pcapFile(framesOf(wholeTalk().segments, shape), shape.link)

    const events = await inspectedCapture(file)

    assert.deepEqual(packetWords(packetsIn(events)), wholeWords)
    const totals = events.at(-1)
    assert.equal(totals?.event === 'capture' && totals.totals.incompletePackets, 0)
    assert.deepEqual(
      events.filter(({ event }) => event === 'missing'),
      [],
    )
  })
}

test('a file may come in pieces of any size', async () => {
  const file = pcapFile(framesOf(wholeTalk().segments))
  for (const size of [1, 7, 24, 4096, file.length]) {
    assert.deepEqual(packetWords(packetsIn(await inspectedCapture(file, {}, size))), wholeWords, `pieces of ${size}`)
  }
})

test('segments that come late, twice or overlapping change nothing', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const file = pcapFile(framesOf(mangled(wholeTalk().segments, seed)))
    const packets = packetsIn(await inspectedCapture(file, {}, file.length))
    const words = packetWords(packets)
    assert.deepEqual(words, wholeWords, `seed ${seed}`)
  }
})

test('packets go on behind a segment that is not in the capture, and it is said', async () => {
  const talk = wholeTalk()
  const second = talk.segments.findIndex(({ payload }) => payload.equals(publish(2, 200)))
  const file = pcapFile(framesOf(withLosses(talk.segments, (_, index) => index === second)))

  const events = await inspectedCapture(file)

  assert.deepEqual(
    packetWords(packetsIn(events)).filter((word) => word.startsWith('→ publish')),
    ['→ publish 1 a/b', ...ids.slice(2).map((id) => `→ publish ${id} a/b`)],
  )
  const missing = events.filter(({ event }) => event === 'missing')
  assert.deepEqual(
    missing.map((event) => event.event === 'missing' && [event.sender, event.skippedBytes]),
    [['client', 0]],
  )
  assert.deepEqual(
    packetsIn(events).flatMap(({ violations }) => violations),
    [],
  )
})

test('after a gap in a packet of several segments its rest is skipped, and counted', async () => {
  const large = publish(2, 3000)
  const talk = new CapturedTalk().open().client(connect).server(connack)
  talk.client(
    publish(1),
    large.subarray(0, 1000),
    large.subarray(1000, 2000),
    large.subarray(2000),
    publish(3),
    publish(4),
  )
  talk.server(puback(1), puback(2), puback(3), puback(4)).close()
  const gap = talk.segments.findIndex(({ payload }) => payload.equals(large.subarray(1000, 2000)))
  const file = pcapFile(framesOf(withLosses(talk.segments, (_, index) => index === gap)))

  const events = await inspectedCapture(file)

  const published = packetWords(packetsIn(events)).filter((word) => word.startsWith('→ publish'))
  assert.deepEqual(published, ['→ publish 1 a/b', '→ publish 3 a/b', '→ publish 4 a/b'])
  const [missing] = events.filter((event) => event.event === 'missing')
  assert.equal(missing?.event === 'missing' && missing.skippedBytes, large.length - 2000)
})

test('a capture that begins in the middle is read from the first packet that is whole', async () => {
  const { segments } = wholeTalk()
  const start = segments.findIndex(({ payload }) => payload.equals(publish(3, 200)))
  const file = pcapFile(framesOf(segments.slice(start)))

  const events = await inspectedCapture(file)

  const words = packetWords(packetsIn(events))
  const expected = wholeWords.slice(wholeWords.indexOf('→ publish 3 a/b'))
  for (const side of ['→', '←']) assert.deepEqual(ofSide(words, side), ofSide(expected, side))
  const [opened] = events
  assert.equal(opened?.event === 'opened' && opened.hasBeginning, false)
  assert.equal(opened?.event === 'opened' && opened.server, '10.0.0.1:1883')
  assert.deepEqual(
    packetsIn(events).flatMap(({ violations }) => violations),
    [],
  )
})

test('MQTT in WebSocket frames is found behind the upgrade, masked, joined and split over frames', async () => {
  const upgrade = Buffer.from('GET /mqtt HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  const switched = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')
  const stream = Buffer.concat([connect, publish(1), publish(2, 300), disconnect])
  const talk = new CapturedTalk().open().client(upgrade).server(switched)
  const frames = [stream.subarray(0, 5), stream.subarray(5, 30), stream.subarray(30)].map((part, index) =>
    clientFrame(part, index > 0),
  )
  const sent = Buffer.concat([...frames.slice(0, 2), clientPing, ...frames.slice(2)])
  talk.client(sent.subarray(0, 3), sent.subarray(3, 60)).server(serverFrame(connack)).client(sent.subarray(60))
  talk.server(serverFrame(Buffer.concat([puback(1), puback(2)]))).close()

  const events = await inspectedCapture(pcapFile(framesOf(talk.segments)))

  const words = packetWords(packetsIn(events))
  assert.deepEqual(
    words.filter((word) => word.startsWith('→')),
    ['→ connect', '→ publish 1 a/b', '→ publish 2 a/b', '→ disconnect'],
  )
  assert.deepEqual(
    words.filter((word) => word.startsWith('←')),
    ['← connack', '← puback 1', '← puback 2'],
  )
  const [opened] = events
  assert.deepEqual(opened?.event === 'opened' && opened.carriers, ['WebSocket'])
})

function ofSide(words: readonly string[], side: string): readonly string[] {
  return words.filter((word) => word.startsWith(side))
}

const mask = fromHex('a1b2c3d4')
const clientPing = Buffer.concat([fromHex('8980'), mask])

/** Masked; `isContinued` frames go on with the message before [RFC 6455, 5.4]. */
function clientFrame(payload: Buffer, isContinued: boolean): Buffer {
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff]
  const masked = payload.map((byte, index) => byte ^ mask[index % 4]!)
  return Buffer.concat([Buffer.from([isContinued ? 0x80 : 0x02, ...length]), mask, masked])
}

function serverFrame(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x82, payload.length]), payload])
}

test('other protocols are counted and show nothing', async () => {
  const talk = new CapturedTalk().open().client(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
  talk.server(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')).close()

  const events = await inspectedCapture(pcapFile(framesOf(talk.segments)))

  const [totals] = events
  assert.deepEqual(
    events.map(({ event }) => event),
    ['capture'],
  )
  assert.deepEqual(totals?.event === 'capture' && totals.totals.unreadable, { 'other-protocol': 1 })
})

test('only connections with the address that was asked for are read', async () => {
  const file = pcapFile(framesOf(wholeTalk().segments))
  const count = async (...addresses: string[]) => packetsIn(await inspectedCapture(file, { addresses })).length

  assert.equal(await count('10.0.0.7'), wholeWords.length)
  assert.equal(await count(':1883'), wholeWords.length)
  assert.equal(await count('10.0.0.8', '10.0.0.1:1883'), wholeWords.length)
  assert.equal(await count('10.0.0.7:1883'), 0)
})

test('what a client said and was answered is counted, with the topics', async () => {
  const events = await inspectedCapture(pcapFile(framesOf(wholeTalk().segments)))

  const summary = events.find((event) => event.event === 'summary')
  assert.equal(summary?.event === 'summary' && summary.of.clientId, 'abc')
  const totals = events.at(-1)
  assert.deepEqual(totals?.event === 'capture' && totals.totals.topTopics, [
    { topic: 'a/b', messages: 10, payloadBytes: 2000 },
  ])
})

test('what is no capture, and one that is cut off, is an error that says where', async () => {
  const rejected = { kind: 'local-io', message: /^the capture, byte 0: this is neither pcap nor pcapng$/ }
  await assert.rejects(inspectedCapture(Buffer.from('hello, world')), rejected)
  const file = pcapFile(framesOf(wholeTalk().segments))
  await assert.rejects(inspectedCapture(file.subarray(0, file.length - 5)), {
    kind: 'local-io',
    message: /^the capture, byte \d+: /,
  })
})
