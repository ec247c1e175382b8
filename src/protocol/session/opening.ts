import type { Auth, Connack, Connect, Disconnect, Packet, Sender } from '../wire/packet.ts'
import { type Conversation, forgetHandshakes, type Observation, openingOf } from './conversation-state.ts'
import type { Fact } from './facts.ts'
import { sessionAfterCleanStart } from './order-rules.ts'
import { clientLimits } from './publish-limits.ts'
import { serverLimits } from './server-limits.ts'
import { present, type Rule, violated } from './violated.ts'

export function observeConnect(conversation: Conversation, connect: Connect, at: number): Observation {
  const next: Conversation = {
    ...conversation,
    phase: 'connecting',
    version: connect.version,
    opening: openingOf(connect, at),
    client: { ...conversation.client, limits: clientLimits(connect) },
  }
  return { conversation: next, facts: [] }
}

export function observeConnack(conversation: Conversation, connack: Connack, at: number): Observation {
  const broken = connackRules(conversation, connack).map((rule) => violated(conversation.version, 'server', rule))
  const accepted = connack.reasonCode === 0
  const next = accepted ? connected(conversation, connack) : { ...conversation, phase: 'refused' as const }
  const fact: Fact = accepted
    ? connectedFact(next, connack, at)
    : { kind: 'refused', version: conversation.version, reasonCode: connack.reasonCode }
  return { conversation: next, facts: [fact, ...present(broken)] }
}

/** The answer to a CONNECT that was not seen: what it asked for is not known, so the answer is not judged by it. */
export function observeJoinedConnack(conversation: Conversation, connack: Connack): Observation {
  const { version } = conversation
  const broken = connackRules(conversation, connack).map((rule) => violated(version, 'server', rule))
  if (connack.reasonCode === 0) return { conversation: connected(conversation, connack), facts: present(broken) }
  const refused: Fact = { kind: 'refused', version, reasonCode: connack.reasonCode }
  return { conversation: { ...conversation, phase: 'refused' }, facts: [refused, ...present(broken)] }
}

function connected(conversation: Conversation, connack: Connack): Conversation {
  const { client, server, opening, version } = conversation
  const untold = version === 3 && opening?.cleanStart === false // MQTT 3.1 has no Session Present
  const keeps = connack.sessionPresent || untold
  return {
    ...conversation,
    phase: 'connected',
    sessionUnseen: keeps && (conversation.connection === 1 || conversation.sessionUnseen),
    sessionFresh: !keeps,
    client: keeps ? client : forgetHandshakes(client, conversation.connection),
    server: {
      ...(keeps ? server : forgetHandshakes(server, conversation.connection)),
      limits: serverLimits(connack, conversation.version),
    },
  }
}

function connectedFact({ version, opening, sessionUnseen }: Conversation, connack: Connack, at: number): Fact {
  const { assignedClientIdentifier, serverKeepAlive } = connack.properties
  return {
    kind: 'connected',
    version,
    clientId: assignedClientIdentifier ?? opening?.clientId ?? '',
    keepAliveSeconds: serverKeepAlive ?? opening?.keepAliveSeconds ?? 0, // [MQTT-3.2.2-21]
    sessionPresent: connack.sessionPresent,
    sessionUnseen,
    elapsedMicroseconds: at - (opening?.sentAtMicroseconds ?? at),
  }
}

function connackRules({ opening }: Conversation, connack: Connack): Rule[] {
  const rules: Rule[] = []
  const accepted = connack.reasonCode === 0
  if (connack.sessionPresent && !accepted) rules.push(sessionOfRefused)
  if (opening === undefined || !accepted) return rules
  if (connack.sessionPresent && opening.cleanStart) rules.push(sessionAfterCleanStart)
  if (opening.clientId === '' && connack.properties.assignedClientIdentifier === undefined) rules.push(noAssignedId)
  if (connack.properties.authenticationMethod !== opening.authenticationMethod) {
    rules.push(opening.authenticationMethod === undefined ? methodUnasked : otherMethod)
  }
  return rules
}

export function observeAuth(conversation: Conversation, sender: Sender, auth: Auth): Observation {
  const method = conversation.opening?.authenticationMethod
  const differs = method !== undefined && auth.properties.authenticationMethod !== method
  return { conversation, facts: present([differs ? violated(5, sender, otherMethod) : undefined]) }
}

export function observeDisconnect(conversation: Conversation, by: Sender, disconnect: Disconnect): Observation {
  const { version, opening } = conversation
  const lengthens = (disconnect.properties.sessionExpiryInterval ?? 0) > 0 && opening?.sessionExpiryInterval === 0
  const fact: Fact = { kind: 'disconnected', by, version, reasonCode: disconnect.reasonCode }
  return {
    conversation: { ...conversation, disconnectedBy: by },
    facts: present<Fact>([fact, lengthens ? violated(version, by, expiryFromZero) : undefined]),
  }
}

/** A client may ask to be spared reason strings and user properties. */
export function problemInformationRule({ opening }: Conversation, sender: Sender, packet: Packet): Rule | undefined {
  if (sender === 'client' || opening === undefined || opening.wantsProblemInformation) return undefined
  if (packet.type === 'publish' || packet.type === 'connack' || packet.type === 'disconnect') return undefined
  if (!('properties' in packet)) return undefined
  const { reasonString, userProperties } = packet.properties
  return reasonString === undefined && userProperties === undefined ? undefined : unwantedProblemInformation
}

const sessionOfRefused: Rule = {
  five: '[MQTT-3.2.2-6]',
  below: '[MQTT-3.1.1:3.2.2-4]',
  message: 'CONNACK refuses and says that a session is present',
}

const noAssignedId: Rule = {
  five: '[MQTT-3.2.2-16]',
  message: 'CONNECT left the client id to the server, and CONNACK assigns none',
}

const methodUnasked: Rule = {
  five: '[MQTT-4.12.0-6]',
  message: 'CONNACK has an Authentication Method, and CONNECT had none',
}

const otherMethod: Rule = {
  five: '[MQTT-4.12.0-5]',
  message: 'the Authentication Method is not that of CONNECT',
}

const expiryFromZero: Rule = {
  five: '[MQTT5 §3.14.2.2.2]',
  message: 'DISCONNECT sets a Session Expiry Interval, and that of CONNECT was zero',
}

const unwantedProblemInformation: Rule = {
  five: '[MQTT-3.1.2-29]',
  message: 'a Reason String or User Property, though CONNECT set Request Problem Information to 0',
}
