import type { FaultDone } from '../../features/inspect/proxy/events.ts'
import { describeReason } from '../../protocol/reason-codes.ts'
import type { PacketType } from '../../protocol/wire/packet.ts'

/** The answer that carries the refusal of a packet. */
const answers: Partial<Record<PacketType, PacketType>> = {
  connect: 'connack',
  publish: 'puback',
  subscribe: 'suback',
  unsubscribe: 'unsuback',
}

/** `fault: PUBACK mid=7 delayed by 200 ms`. */
export function faultText({ effect, packet, packetId, offset }: FaultDone): string {
  const name = packet?.toUpperCase() ?? 'bytes'
  const mid = packetId === undefined ? '' : ` mid=${packetId}`
  const what = `fault: ${name}${mid}`
  switch (effect.fault) {
    case 'delay':
      return `${what} delayed by ${effect.delayMs} ms`
    case 'drop':
      return `${what} dropped`
    case 'duplicate':
      return `${what} sent twice`
    case 'corrupt':
      return `${what} corrupted at byte ${offset}`
    case 'close-after':
      return `${what}, then ${effect.by === 'reset' ? 'reset' : 'closed'}`
    case 'refuse':
      return `${what} refused: ${describeReason(answers[packet ?? 'connect'] ?? 'puback', 5, effect.reasonCode)}`
  }
}
