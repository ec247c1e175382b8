import type { Sender } from '../wire/packet.ts'
import type { Conversation } from './conversation-state.ts'
import { entryOf } from './packet-id-map.ts'
import type { Rule } from './violated.ts'

/** A client's publishes, SUBSCRIBEs and UNSUBSCRIBEs share one set of identifiers; a server only publishes. */
export function identifierInUse(conversation: Conversation, sender: Sender, packetId: number): boolean {
  if (entryOf(conversation[sender].inFlight, packetId) !== undefined) return true
  return sender === 'client' && entryOf(conversation.requests, packetId) !== undefined
}

export function unusedIdentifierRule(sender: Sender): Rule {
  return {
    five: sender === 'client' ? '[MQTT-2.2.1-3]' : '[MQTT-2.2.1-4]',
    below: sender === 'client' ? '[MQTT-3.1.1:2.3.1-2]' : '[MQTT-3.1.1:2.3.1-4]',
    message: 'a new packet takes a packet identifier that is still in use',
  }
}
