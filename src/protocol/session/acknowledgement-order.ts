import type { Acknowledgement, ProtocolVersion, Sender } from '../wire/packet.ts'
import { type Conversation, type Handshake, withSide } from './conversation-state.ts'
import type { StatementViolatedFact } from './facts.ts'
import { type Rule, violated } from './violated.ts'

/** Notes which publish `by` has acknowledged last. Only a client is bound to keep the order. */
export function acknowledgeInOrder(
  before: Conversation,
  by: Sender,
  packet: Acknowledgement['type'],
  handshake: Handshake,
): { readonly conversation: Conversation; readonly fact: StatementViolatedFact | undefined } {
  if (by === 'server' || packet === 'pubcomp') return { conversation: before, fact: undefined }
  const side = before.client
  const place = packet === 'pubrel' ? handshake.receivedAs : handshake.publish.number
  const last = side.acknowledged[packet]
  if (place < last) return { conversation: before, fact: outOfOrder(before.version, packet) }
  const acknowledged = { ...side.acknowledged, [packet]: place }
  return { conversation: withSide(before, 'client', { ...side, acknowledged }), fact: undefined }
}

function outOfOrder(
  version: ProtocolVersion,
  packet: 'puback' | 'pubrec' | 'pubrel',
): StatementViolatedFact | undefined {
  return violated(version, 'client', orderRules[packet])
}

const orderRules: Readonly<Record<'puback' | 'pubrec' | 'pubrel', Rule>> = {
  puback: {
    five: '[MQTT-4.6.0-2]',
    below: '[MQTT-3.1.1:4.6.0-2]',
    message: 'PUBACK out of the order in which the messages came',
  },
  pubrec: {
    five: '[MQTT-4.6.0-3]',
    below: '[MQTT-3.1.1:4.6.0-3]',
    message: 'PUBREC out of the order in which the messages came',
  },
  pubrel: {
    five: '[MQTT-4.6.0-4]',
    below: '[MQTT-3.1.1:4.6.0-4]',
    message: 'PUBREL out of the order in which the PUBRECs came',
  },
}
