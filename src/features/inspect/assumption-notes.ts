import type { Advice } from '../../advice.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'

/** What was taken for granted because the bytes do not say it, and how to say it. */
export function assumptionNotes(packets: readonly InspectedPacket[]): readonly Advice[] {
  const versions = packets.filter(({ assumed }) => assumed.includes('version'))
  const senders = packets.filter(({ assumed }) => assumed.includes('sender'))
  const [version] = versions
  const [sender] = senders
  const notes: Advice[] = []
  if (version !== undefined) {
    const because = `the bytes do not tell the MQTT version: read as ${nameOf(version)}`
    notes.push({ try: 'say-version', because })
  }
  if (sender !== undefined) {
    const because = `either side may send ${namesOf(senders)}: taken as from the ${sender.sender}`
    notes.push({ try: 'say-sender', because })
  }
  return notes
}

const versionNames = { 3: '3.1', 4: '3.1.1', 5: '5' } as const

function nameOf({ version }: InspectedPacket): string {
  return versionNames[version]
}

function namesOf(packets: readonly InspectedPacket[]): string {
  const types = packets.map(({ packet, violation }) => (packet?.type ?? violation?.packet ?? 'this').toUpperCase())
  return [...new Set(types)].join(', ')
}
