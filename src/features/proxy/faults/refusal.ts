import { ReasonCode } from '../../../protocol/reason-code.ts'
import type { Packet, ProtocolVersion } from '../../../protocol/wire/packet.ts'

/** Reason codes of MQTT 5 as CONNACK says them below it; what has no counterpart there is 3, server unavailable. */
const connackBelow5: ReadonlyMap<number, number> = new Map([
  [ReasonCode.unsupportedProtocolVersion, 1],
  [ReasonCode.clientIdentifierNotValid, 2],
  [ReasonCode.badUserNameOrPassword, 4],
  [ReasonCode.notAuthorized, 5],
])
const serverUnavailable = 3
const largestBelow5 = 5

/** What a broker that refuses this packet answers; undefined where a broker of this version could say nothing. */
export function refusalOf(packet: Packet, reasonCode: number, version: ProtocolVersion): Packet | undefined {
  switch (packet.type) {
    case 'connect': {
      const code = packet.version === 5 ? reasonCode : connackCodeBelow5(reasonCode)
      return { type: 'connack', sessionPresent: false, reasonCode: code, properties: {} } // [MQTT-3.2.2-6]
    }
    case 'subscribe': {
      const code = version === 5 ? reasonCode : ReasonCode.unspecifiedError
      return {
        type: 'suback',
        packetId: packet.packetId,
        reasonCodes: packet.subscriptions.map(() => code),
        properties: {},
      }
    }
    case 'unsubscribe': {
      if (version < 5) return undefined
      const reasonCodes = packet.filters.map(() => reasonCode)
      return { type: 'unsuback', packetId: packet.packetId, reasonCodes, properties: {} }
    }
    case 'publish': {
      if (version < 5 || packet.packetId === undefined) return undefined
      const type = packet.qos === 1 ? 'puback' : 'pubrec'
      return { type, packetId: packet.packetId, reasonCode, properties: {} }
    }
    default:
      return undefined
  }
}

function connackCodeBelow5(reasonCode: number): number {
  return reasonCode <= largestBelow5 ? reasonCode : (connackBelow5.get(reasonCode) ?? serverUnavailable)
}
