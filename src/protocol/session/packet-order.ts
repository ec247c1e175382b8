import type { Packet, Sender } from '../wire/packet.ts'
import type { Conversation } from './conversation-state.ts'
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

const connectComesFirst: Rule = {
  five: '[MQTT-3.1.0-1]',
  below: '[MQTT-3.1.1:3.1.0-1]',
  message: 'the first packet of a client must be CONNECT',
}

const secondConnect: Rule = {
  five: '[MQTT-3.1.0-2]',
  below: '[MQTT-3.1.1:3.1.0-2]',
  message: 'a second CONNECT on one connection',
}

const authenticationFirst: Rule = {
  five: '[MQTT-3.1.2-30]',
  message: 'after an Authentication Method only AUTH and DISCONNECT may come before CONNACK',
}

const clientAuthUnasked: Rule = {
  five: '[MQTT-4.12.0-7]',
  message: 'AUTH from a client whose CONNECT had no Authentication Method',
}

const serverAuthUnasked: Rule = {
  five: '[MQTT-4.12.0-6]',
  message: 'AUTH from the server, though CONNECT had no Authentication Method',
}

const connackComesFirst: Rule = {
  five: '[MQTT-3.2.0-1]',
  below: '[MQTT-3.1.1:3.2.0-1]',
  message: 'the server sent another packet before CONNACK',
}

const disconnectBeforeConnack: Rule = {
  five: '[MQTT-3.14.0-1]',
  below: '[MQTT-3.1.1:3.2.0-1]',
  message: 'the server sent DISCONNECT before it accepted the connection',
}

const secondConnack: Rule = {
  five: '[MQTT-3.2.0-2]',
  below: '[MQTT-3.1.1 §3.2]',
  message: 'a second CONNACK on one connection',
}

const afterRefusal: Rule = {
  five: '[MQTT-3.2.2-7]',
  below: '[MQTT-3.1.1:3.2.2-5]',
  message: 'the server went on after it had refused the connection',
}

const afterDisconnect: Rule = {
  five: '[MQTT-3.14.4-1]',
  below: '[MQTT-3.1.1:3.14.4-2]',
  message: 'a packet after DISCONNECT from the same side',
}
