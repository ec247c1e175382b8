import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { annotatePacket } from '../../../src/protocol/wire/annotate-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import type { Packet, ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { packetTypeOf } from '../../../src/protocol/wire/packet-types.ts'
import { arbitrarySentPacket, type SentPacket } from '../../support/packets/arbitrary-packet.ts'
import { pcapOf, type Segment } from '../../support/packets/pcap.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'

const isMissing = spawnSync('tshark', ['--version']).error !== undefined
const skip = isMissing ? 'tshark is not installed' : false
const brokerPort = 1883
const columns = ['mqtt.msgtype', 'mqtt.hdrflags', 'mqtt.msgid', 'mqtt.topic', 'mqtt.property_id', '_ws.malformed']

/** A connection per version, since tshark takes the version from the CONNECT that it saw. */
function segmentOf({ packet, version, sender }: SentPacket): Segment {
  const clientPort = 10_000 + version
  const payload = encodePacket(packet, version)
  return sender === 'client'
    ? { sourcePort: clientPort, destinationPort: brokerPort, payload }
    : { sourcePort: brokerPort, destinationPort: clientPort, payload }
}

function connectAt(version: ProtocolVersion): SentPacket {
  const packet = { type: 'connect', version, cleanStart: true, keepAliveSeconds: 60, clientId: 'c' } as const
  return { packet: { ...packet, properties: {} }, version, sender: 'client' }
}

/** What tshark says of each segment, one row each. */
function dissect(segments: readonly Segment[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-tshark-'))
  try {
    const file = join(folder, 'packets.pcap')
    writeFileSync(file, pcapOf(segments))
    const fields = columns.flatMap((column) => ['-e', column])
    const format = ['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=;']
    const run = spawnSync('tshark', ['-n', '-r', file, ...format, ...fields], { encoding: 'utf8', maxBuffer: 1e8 })
    assert.equal(run.status, 0, run.stderr)
    return run.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function topicsOf(packet: Packet): string[] {
  if (packet.type === 'publish') return [packet.topic]
  if (packet.type === 'subscribe') return packet.subscriptions.map((request) => request.filter)
  return packet.type === 'unsubscribe' ? [...packet.filters] : []
}

function propertyIdsOf({ packet, version, sender }: SentPacket): number[] {
  const bytes = encodePacket(packet, version)
  const { fields } = annotatePacket(bytes, 0, bytes.length, { version, sender })
  const inBlock = /(^|\.)properties\.(?!length)/
  return fields.filter((field) => inBlock.test(field.name)).map((field) => bytes[field.start]!)
}

function isPlain(text: string): boolean {
  return /^[\w/+#$-]+$/.test(text)
}

test('tshark sees the type, flags, identifier, topics and properties that we wrote', { skip }, () => {
  const generated = fc.sample(arbitrarySentPacket(), { numRuns: 1500, seed: 20_261_122 })
  const byHand = packetVectors.map(({ packet, version, sender }) => ({ packet, version, sender }))
  const sent = [connectAt(3), connectAt(4), connectAt(5), ...byHand, ...generated]

  const rows = dissect(sent.map(segmentOf))

  assert.equal(rows.length, sent.length)
  let topicsCompared = 0
  let propertiesCompared = 0
  for (const [index, sentPacket] of sent.entries()) {
    const { packet } = sentPacket
    const [type, flags, packetId, topics, propertyIds, malformed] = rows[index]!
    const firstByte = Number(flags)
    const what = `segment ${index + 1}: ${JSON.stringify(packet)}`
    assert.equal(malformed, '', what)
    assert.equal(packetTypeOf(Number(type) << 4), packet.type, what)
    assert.equal(firstByte, encodePacket(packet, sentPacket.version)[0], what)
    assert.equal(packetId, 'packetId' in packet ? String(packet.packetId) : '', what)
    const expectedIds = propertyIdsOf(sentPacket)
    assert.deepEqual(propertyIds === '' ? [] : propertyIds!.split(';').map(Number), expectedIds, what)
    propertiesCompared += expectedIds.length
    const expectedTopics = topicsOf(packet)
    if (expectedTopics.length > 0 && expectedTopics.every(isPlain)) {
      assert.equal(topics, expectedTopics.join(';'), what)
      topicsCompared++
    }
  }
  assert.ok(
    topicsCompared > 50 && propertiesCompared > 1000,
    `${topicsCompared} topics, ${propertiesCompared} properties`,
  )
})
