import type { CaptureEvent } from '../../../src/features/inspect/file/events.ts'
import { inspectFile } from '../../../src/features/inspect/file/inspect-file.ts'
import type { InspectFileSettings } from '../../../src/features/inspect/file/settings.ts'
import type { InspectedPacket } from '../../../src/observation/inspected-packet.ts'

const everything = { types: [], senders: [], topics: [], packetIds: [], clientIds: [] }

/** Everything that a capture tells, read in pieces of so many bytes. */
export async function inspectedCapture(
  file: Buffer,
  changes: Partial<InspectFileSettings> = {},
  pieceBytes = 1000,
): Promise<readonly CaptureEvent[]> {
  const events: CaptureEvent[] = []
  const output = { tell: (event: CaptureEvent) => events.push(event), isBehind: false, onceCaughtUp: () => {} }
  const settings = { filter: everything, addresses: [], gathersExchanges: false, ...changes }
  const { signal } = new AbortController()
  await inspectFile({ source: piecesOf(file, pieceBytes), name: 'the capture', settings, output, signal })
  return events
}

async function* piecesOf(file: Buffer, pieceBytes: number): AsyncIterable<Buffer> {
  for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes)
}

export function packetsIn(events: readonly CaptureEvent[]): readonly InspectedPacket[] {
  return events.flatMap((event) =>
    event.event === 'finding' && event.finding.finding === 'packet' ? [event.finding.packet] : [],
  )
}

/** `→ publish 1 a/b`: sender, type, identifier, topic. */
export function packetWords(packets: readonly InspectedPacket[]): readonly string[] {
  return packets.map(({ sender, packet, violation }) => {
    const words = [sender === 'client' ? '→' : '←', packet?.type ?? `bad ${violation?.packet ?? ''}`]
    if (packet !== undefined && 'packetId' in packet && packet.packetId !== undefined) words.push(`${packet.packetId}`)
    if (packet?.type === 'publish') words.push(packet.topic)
    return words.join(' ')
  })
}
