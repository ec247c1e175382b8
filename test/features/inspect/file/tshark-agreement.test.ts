import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { InspectedPacket } from '../../../../src/observation/inspected-packet.ts'
import { encodePacket } from '../../../../src/protocol/wire/encode-packet.ts'
import { packetCode } from '../../../../src/protocol/wire/packet-types.ts'
import { seededRandom } from '../../../../src/seeded-random.ts'
import { arbitrarySentPacket, type SentPacket } from '../../../support/packets/arbitrary-packet.ts'
import { CapturedTalk, framesOf, mangled, pcapFile, type TalkSegment } from '../../../support/packets/captured-talk.ts'
import { inspectedCapture, packetsIn } from '../../../support/packets/inspected-capture.ts'
import { tsharkFields, tsharkMissing } from '../../../support/packets/tshark.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

const skip = tsharkMissing()
const folder = temporaryFolder()
const reasonFields = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback', 'disconnect', 'auth'].map(
  (type) => `mqtt.${type}.reason_code`,
)
const fields = ['tcp.srcport', 'mqtt.msgtype', 'mqtt.hdrflags', 'mqtt.msgid', 'mqtt.topic', ...reasonFields]

interface Seen {
  readonly types: readonly number[]
  readonly firstBytes: readonly number[]
  readonly packetIds: readonly number[]
  readonly topics: readonly string[]
  readonly reasonCodes: Readonly<Record<string, readonly number[]>>
}

/** What both see of one side: each kind of field in the order of the packets that have it. */
function seenByTshark(file: Buffer, port: number, version: 4 | 5): Seen {
  const path = join(folder, `${Math.random()}.pcap`)
  writeFileSync(path, file)
  const options = [`mqtt.default_version:${version === 5 ? 'MQTT v5.0' : 'MQTT v3.1.1'}`]
  const rows = tsharkFields(path, fields, 'mqtt', options).filter(([source]) => Number(source) === port)
  const column = (name: string) =>
    rows.flatMap((row) => (row[fields.indexOf(name)] || '').split(';').filter((text) => text !== ''))
  return {
    types: column('mqtt.msgtype').map(Number),
    firstBytes: column('mqtt.hdrflags').map(Number),
    packetIds: column('mqtt.msgid').map(Number),
    topics: column('mqtt.topic'),
    reasonCodes: Object.fromEntries(reasonFields.map((name) => [name, column(name).map(Number)])),
  }
}

function seenByUs(packets: readonly InspectedPacket[], sender: 'client' | 'server'): Seen {
  const ofSide = packets.filter((packet) => packet.sender === sender)
  const read = ofSide.flatMap(({ packet }) => (packet === undefined ? [] : [packet]))
  const codes = (type: string) =>
    read.flatMap((packet) => {
      if (packet.type !== type) return []
      return 'reasonCodes' in packet ? packet.reasonCodes : 'reasonCode' in packet ? [packet.reasonCode] : []
    })
  return {
    types: read.map(({ type }) => packetCode(type)),
    firstBytes: ofSide.map(({ wire }) => wire[0] ?? 0),
    packetIds: read.flatMap((packet) =>
      'packetId' in packet && packet.packetId !== undefined ? [packet.packetId] : [],
    ),
    topics: read.flatMap((packet) => topicsOf(packet)),
    reasonCodes: Object.fromEntries(reasonFields.map((name) => [name, codes(name.split('.')[1] ?? '')])),
  }
}

function topicsOf(packet: NonNullable<InspectedPacket['packet']>): readonly string[] {
  if (packet.type === 'publish') return [packet.topic]
  if (packet.type === 'subscribe') return packet.subscriptions.map(({ filter }) => filter)
  return packet.type === 'unsubscribe' ? packet.filters : []
}

const isPlain = (text: string) => /^[\w/+#$-]+$/.test(text)

/** Packets that tshark prints as they are, and that have every field: below 5, and with nothing after the identifier, it shows no reason. */
function isComparable({ packet, version }: SentPacket): boolean {
  if (packet.type === 'connect' || packet.type === 'connack') return false
  if (!topicsOf(packet).every(isPlain)) return false
  return version < 5 || !('reasonCode' in packet) || packet.reasonCode !== 0
}

function conversation(version: 4 | 5, seed: number): readonly SentPacket[] {
  const generated = fc.sample(arbitrarySentPacket(), { numRuns: 4000, seed })
  return generated.filter((sent) => sent.version === version && isComparable(sent)).slice(0, 300)
}

/** tshark loses its way where a segment ends inside a fixed header. */
const headerBytes = 5

/** Packets in segments of their own, or several and parts of them in one. */
function talkOf(packets: readonly SentPacket[], version: 4 | 5, seed: number, isWhole: boolean): CapturedTalk {
  const random = seededRandom(seed)
  const opening = {
    type: 'connect',
    version,
    cleanStart: true,
    keepAliveSeconds: 60,
    clientId: 'c',
    properties: {},
  } as const
  const answer = { type: 'connack', sessionPresent: false, reasonCode: 0, properties: {} } as const
  const talk = new CapturedTalk().open().client(encodePacket(opening, version)).server(encodePacket(answer, version))
  let rest: Record<'client' | 'server', Buffer> = { client: Buffer.alloc(0), server: Buffer.alloc(0) }
  for (const { packet, sender } of packets) {
    const before = rest[sender].length
    const bytes = Buffer.concat([rest[sender], encodePacket(packet, version)])
    const inside = before + headerBytes + Math.floor(random() * (bytes.length - before - headerBytes))
    const cut = isWhole || random() < 0.4 || bytes.length - before <= headerBytes ? bytes.length : inside
    rest = { ...rest, [sender]: bytes.subarray(cut) }
    if (cut > 0) talk[sender](bytes.subarray(0, cut))
  }
  for (const sender of ['client', 'server'] as const) if (rest[sender].length > 0) talk[sender](rest[sender])
  return talk.close()
}

/** `orderly`: what tshark is given, where it does not put these in order itself. */
async function assertAgreement(segments: readonly TalkSegment[], version: 4 | 5, orderly = segments): Promise<number> {
  const file = pcapFile(framesOf(orderly))
  const packets = packetsIn(await inspectedCapture(pcapFile(framesOf(segments))))
  for (const [sender, port] of [
    ['client', 50_000],
    ['server', 1883],
  ] as const) {
    const ours = seenByUs(packets, sender)
    const theirs = seenByTshark(file, port, version)
    assert.deepEqual(version === 5 ? ours : withoutReasons(ours), version === 5 ? theirs : withoutReasons(theirs))
  }
  return packets.length
}

/** Below MQTT 5 only SUBACK has codes, which tshark calls otherwise. */
function withoutReasons(seen: Seen): Seen {
  return { ...seen, reasonCodes: {} }
}

for (const version of [4, 5] as const) {
  describe(`tshark sees the same packets, level ${version}`, { skip }, () => {
    const packets = conversation(version, 20_261_128)

    test('as they come', async () => {
      assert.ok((await assertAgreement(talkOf(packets, version, 1, false).segments, version)) > 300)
    })

    for (const seed of [1, 2, 3]) {
      test(`late, twice and overlapping, seed ${seed}`, async () => {
        const { segments } = talkOf(packets, version, seed, false)
        assert.ok((await assertAgreement(mangled(segments, seed), version, segments)) > 300)
      })
    }

    test('with segments missing', async () => {
      const { segments } = talkOf(packets, version, 4, true)
      const random = seededRandom(4)
      const left = segments.filter(({ payload }, index) => index < 5 || payload.length === 0 || random() > 0.05)
      assert.ok((await assertAgreement(left, version)) > 200)
    })

    test('begun in the middle', async () => {
      const { segments } = talkOf(packets, version, 5, true)
      assert.ok((await assertAgreement(segments.slice(100), version)) > 150)
    })
  })
}
