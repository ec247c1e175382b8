import type { Packet, Sender } from '../wire/packet.ts'
import type { Conversation } from './conversation-state.ts'
import {
  afterDisconnect,
  afterRefusal,
  authenticationFirst,
  clientAuthUnasked,
  connackComesFirst,
  connectComesFirst,
  disconnectBeforeConnack,
  secondConnack,
  secondConnect,
  serverAuthUnasked,
} from './order-rules.ts'
import type { Rule } from './violated.ts'

/** Which rule says that this packet may not come now, from this side, if one does. */
export function packetOrderRule(conversation: Conversation, sender: Sender, packet: Packet): Rule | undefined {
  if (conversation.disconnectedBy === sender) return afterDisconnect
  return sender === 'client' ? clientOrderRule(conversation, packet) : serverOrderRule(conversation, packet)
}

function clientOrderRule({ phase, opening }: Conversation, packet: Packet): Rule | undefined {
  if (phase === 'new') return packet.type === 'connect' ? undefined : connectComesFirst
  if (packet.type === 'connect') return secondConnect
  if (opening === undefined) return undefined // joined in the middle: what CONNECT said is not known
  const hasMethod = opening.authenticationMethod !== undefined
  if (packet.type === 'auth' && !hasMethod) return clientAuthUnasked
  const mayTalk = packet.type === 'auth' || packet.type === 'disconnect'
  return phase === 'connecting' && hasMethod && !mayTalk ? authenticationFirst : undefined
}

function serverOrderRule({ phase, opening }: Conversation, packet: Packet): Rule | undefined {
  if (phase === 'new') return connackComesFirst
  if (phase === 'refused') return afterRefusal
  if (phase === 'joined') return undefined
  const authUnasked = opening !== undefined && opening.authenticationMethod === undefined
  if (packet.type === 'auth' && authUnasked) return serverAuthUnasked
  if (phase === 'connected') return packet.type === 'connack' ? secondConnack : undefined
  if (packet.type === 'connack' || packet.type === 'auth') return undefined
  return packet.type === 'disconnect' ? disconnectBeforeConnack : connackComesFirst
}
