import { ReasonCode } from '../reason-code.ts'
import { reasonCode } from '../reason-codes.ts'
import type { ProtocolVersion, Sender } from '../wire/packet.ts'
import type { Violation } from '../wire/violation.ts'

/** What a conforming receiver does with a packet that breaks a rule of the wire: perhaps a word, and then the end. */
export interface ViolationAnswer {
  readonly by: Sender
  /** Sent before the network connection is closed; absent where nothing can be sent. */
  readonly packet?: 'connack' | 'disconnect'
  readonly reasonCode?: number
  readonly reasonName?: string
  /** Why it closes. */
  readonly rule: string
}

/** CONNACK codes of 3.1 and 3.1.1 that say the same as a reason code of MQTT 5. */
const connackBelow5: ReadonlyMap<number, number> = new Map([
  [ReasonCode.unsupportedProtocolVersion, 1],
  [ReasonCode.clientIdentifierNotValid, 2],
])

/** `sender` is who sent the bad packet. A CONNECT of an unknown version is answered as MQTT 5 has it. */
export function answerToViolation(violation: Violation, sender: Sender, version: ProtocolVersion): ViolationAnswer {
  const by = sender === 'client' ? 'server' : 'client'
  return sender === 'client' && violation.packet === 'connect'
    ? refusal(violation, version)
    : goodbye(violation, by, version)
}

/** The server may say why in CONNACK. */
function refusal({ reasonCode: code }: Violation, version: ProtocolVersion): ViolationAnswer {
  if (version === 5) return { by: 'server', ...word('connack', 5, code), rule: '[MQTT-3.1.4-1]' }
  const below = connackBelow5.get(code)
  const rule = below === 2 ? '[MQTT-3.1.1:3.1.3-8]' : '[MQTT-3.1.1:3.1.4-1]'
  return { by: 'server', ...(below === undefined ? {} : word('connack', version, below)), rule }
}

/** DISCONNECT with a reason came with MQTT 5, and only for a connection that stands: not after a bad CONNACK. */
function goodbye({ packet, reasonCode: code }: Violation, by: Sender, version: ProtocolVersion): ViolationAnswer {
  if (version < 5) return { by, rule: '[MQTT-3.1.1:4.8.0-1]' }
  const stands = packet !== 'connack'
  return { by, ...(stands ? word('disconnect', 5, code) : {}), rule: '[MQTT-4.13.1-1]' }
}

function word(packet: 'connack' | 'disconnect', version: ProtocolVersion, code: number) {
  const reasonName = reasonCode(packet, version, code)?.name
  return { packet, reasonCode: code, ...(reasonName === undefined ? {} : { reasonName }) }
}
