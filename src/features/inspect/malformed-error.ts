import { MqttCliError } from '../../errors.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'

/** What a decoding with bad packets in it ends with; undefined when there were none. Names the first. */
export function malformedError(packets: readonly InspectedPacket[]): MqttCliError | undefined {
  return ofBytes(packets) ?? outOfPlace(packets)
}

/** Well formed, and not allowed here: a packet after DISCONNECT, a second CONNECT. What clients go on after is no error. */
function outOfPlace(packets: readonly InspectedPacket[]): MqttCliError | undefined {
  for (const { packet, facts, streamOffset } of packets) {
    if (facts.some((fact) => fact.kind === 'unmatched-acknowledgement' && fact.expected === undefined)) continue
    const broken = facts.find((fact) => fact.kind === 'statement-violated')
    if (broken === undefined) continue
    const name = packet?.type.toUpperCase() ?? 'a packet'
    return new MqttCliError('protocol', `${name} at byte ${streamOffset}: ${broken.message}`, {
      layer: 'MQTT',
      statement: broken.rule,
      tries: ['each connection by itself, if these bytes are of several', { try: 'other-sender' }],
    })
  }
  return undefined
}

function ofBytes(packets: readonly InspectedPacket[]): MqttCliError | undefined {
  const bad = packets.filter(({ violation }) => violation !== undefined)
  const [first] = bad
  const violation = first?.violations[0]
  if (first === undefined || violation === undefined) return undefined
  const name = violation.packet?.toUpperCase() ?? 'a packet of no known type'
  const count =
    packets.length === 1
      ? ''
      : `${bad.length} of ${packets.length} packets ${bad.length === 1 ? 'is' : 'are'} malformed; the first: `
  const { reasonCode, reasonName } = violation.answer
  return new MqttCliError('protocol', `${count}${name} at byte ${first.streamOffset}: ${violation.message}`, {
    layer: 'MQTT',
    offset: violation.offset,
    statement: violation.rule,
    ...(reasonCode !== undefined && { reasonCode }),
    ...(reasonName !== undefined && { reasonName }),
    tries: [{ try: 'bytes-of-fields' }, { try: 'other-version-or-sender' }],
    facts: { malformed: bad.length, packets: packets.length },
  })
}
