import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { isFailure } from '../../protocol/reason-code.ts'
import { describeReason } from '../../protocol/reason-codes.ts'

/** A packet in a few words, for an arrow: name, identifier, and a reason that is not simply success. No text of a peer's. */
export function stepLabel({ packet, violation, version, facts }: InspectedPacket): string {
  if (packet === undefined)
    return violation?.packet === undefined ? 'not MQTT' : `bad ${violation.packet.toUpperCase()}`
  const words = [packet.type.toUpperCase()]
  if (packet.type === 'publish') words.push(`qos=${packet.qos}`)
  if ('packetId' in packet && packet.packetId !== undefined) words.push(`mid=${packet.packetId}`)
  if ('dup' in packet && packet.dup === true) words.push('dup')
  const failing = codesIn(packet).filter((code) => code !== 0 && (isFailure(code) || packet.type !== 'suback'))
  words.push(...failing.map((code) => describeReason(packet.type, version, code)))
  if (facts.some(({ kind }) => kind === 'duplicate')) words.push('again')
  if (facts.some(({ kind }) => kind === 'unmatched-acknowledgement')) words.push('unmatched')
  return words.join(' ')
}

function codesIn(packet: NonNullable<InspectedPacket['packet']>): readonly number[] {
  if ('reasonCodes' in packet) return packet.reasonCodes
  return 'reasonCode' in packet ? [packet.reasonCode] : []
}
