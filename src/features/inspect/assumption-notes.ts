import type { InspectedPacket } from '../../observation/inspected-packet.ts'

/** What was taken for granted because the bytes do not say it, and how to say it. */
export function assumptionNotes(packets: readonly InspectedPacket[]): readonly string[] {
  const versions = packets.filter(({ assumed }) => assumed.includes('version'))
  const senders = packets.filter(({ assumed }) => assumed.includes('sender'))
  const [version] = versions
  const [sender] = senders
  return [
    ...(version === undefined
      ? []
      : [`the bytes do not tell the MQTT version: read as ${nameOf(version)}; -V says it`]),
    ...(sender === undefined
      ? []
      : [
          `either side may send ${namesOf(senders)}: taken as from the ${sender.sender}; --sender client|server says it`,
        ]),
  ]
}

const versionNames = { 3: '3.1', 4: '3.1.1', 5: '5' } as const

function nameOf({ version }: InspectedPacket): string {
  return versionNames[version]
}

function namesOf(packets: readonly InspectedPacket[]): string {
  const types = packets.map(({ packet, violation }) => (packet?.type ?? violation?.packet ?? 'this').toUpperCase())
  return [...new Set(types)].join(', ')
}
