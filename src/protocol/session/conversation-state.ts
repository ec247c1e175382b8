import type { Connect, ProtocolVersion, Sender } from '../wire/packet.ts'
import type { Fact, HandshakeStep, PublishReference } from './facts.ts'
import { emptyIdMap, entriesOf, type PacketIdMap, withEntry } from './packet-id-map.ts'
import { noLimits, type PublishLimits } from './publish-limits.ts'

/** How far the opening got. `joined`: somebody else saw it. `refused` is after a CONNACK that says no. */
type Phase = 'new' | 'joined' | 'connecting' | 'connected' | 'refused'

/** A QoS 1 or 2 publish under way. */
export interface Handshake {
  readonly publish: PublishReference
  readonly awaits: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'
  readonly steps: readonly HandshakeStep[]
  /** The connection that last carried its PUBLISH. */
  readonly sentOnConnection: number
  /** Its place among the PUBRECs, for the order of the PUBRELs. */
  readonly receivedAs: number
}

/** A SUBSCRIBE or UNSUBSCRIBE that waits for its answer. */
export interface Request {
  readonly awaits: 'suback' | 'unsuback'
  readonly filters: readonly string[]
  readonly sentAtMicroseconds: number
}

/** The last publish that each acknowledgement of this side named: acknowledgements keep the order of what they answer. */
interface AcknowledgedOrder {
  readonly puback: number
  readonly pubrec: number
  readonly pubrel: number
}

/** What one end of the connection said and owes. */
interface Side {
  /** What it accepts. */
  readonly limits: PublishLimits
  /** Its own publishes that are not finished, by packet identifier. */
  readonly inFlight: PacketIdMap<Handshake>
  /** Of those, the ones sent on this connection: they count against the other's Receive Maximum. */
  readonly unacknowledged: number
  readonly publishCount: number
  /** PUBRECs that its publishes got. */
  readonly receivedCount: number
  /** The topic aliases that it defined. */
  readonly aliases: PacketIdMap<string>
  readonly acknowledged: AcknowledgedOrder
}

/** What CONNECT said that later packets are judged by. No secret is kept. */
interface Opening {
  readonly cleanStart: boolean
  readonly clientId: string
  readonly keepAliveSeconds: number
  readonly sessionExpiryInterval: number
  readonly wantsProblemInformation: boolean
  readonly authenticationMethod?: string
  readonly sentAtMicroseconds: number
}

/**
 * One client and one server, as far as their packets were seen. Immutable: a new value shares what did not change. It is
 * bounded by 65,535 publishes, requests and aliases a side, whatever passes.
 */
export interface Conversation {
  /** 1, 2, … as one session goes over several connections. */
  readonly connection: number
  readonly phase: Phase
  /** 5 until CONNECT says otherwise. */
  readonly version: ProtocolVersion
  readonly opening?: Opening
  /** There may be handshakes under way that began before we looked. */
  readonly sessionUnseen: boolean
  /** The server had no session: nothing can be sent again. */
  readonly sessionFresh: boolean
  readonly disconnectedBy?: Sender
  readonly pingSentAtMicroseconds?: number
  readonly requests: PacketIdMap<Request>
  readonly client: Side
  readonly server: Side
}

export interface Observation {
  readonly conversation: Conversation
  readonly facts: readonly Fact[]
}

const noOrder: AcknowledgedOrder = { puback: 0, pubrec: 0, pubrel: 0 }

const silentSide: Side = {
  limits: noLimits,
  inFlight: emptyIdMap,
  unacknowledged: 0,
  publishCount: 0,
  receivedCount: 0,
  aliases: emptyIdMap,
  acknowledged: noOrder,
}

/** Before the first packet of a connection. */
export function startConversation(): Conversation {
  return {
    connection: 1,
    phase: 'new',
    version: 5,
    sessionUnseen: false,
    sessionFresh: false,
    requests: emptyIdMap,
    client: silentSide,
    server: silentSide,
  }
}

/** For a capture that begins in the middle: what the two agreed was not seen, so what is unmatched is no violation. */
export function joinConversation(version: ProtocolVersion): Conversation {
  const unknown: Side = { ...silentSide, limits: { ...noLimits, topicAliasMaximum: 65_535 } }
  return { ...startConversation(), phase: 'joined', version, sessionUnseen: true, client: unknown, server: unknown }
}

/**
 * The same client and server on another connection. Handshakes stay until CONNACK tells whether the session did; limits,
 * aliases [MQTT-3.3.2-7] and requests do not.
 */
export function nextConnection(before: Conversation): Conversation {
  return {
    ...startConversation(),
    connection: before.connection + 1,
    sessionUnseen: before.sessionUnseen,
    client: onNextConnection(before.client),
    server: onNextConnection(before.server),
  }
}

function onNextConnection(side: Side): Side {
  return { ...silentSide, inFlight: side.inFlight, publishCount: side.publishCount, receivedCount: side.receivedCount }
}

/** The session is gone, and its handshakes with it; those begun on this connection, before CONNACK, are of the new one. */
export function forgetHandshakes(side: Side, connection: number): Side {
  let inFlight: Side['inFlight'] = emptyIdMap
  for (const handshake of entriesOf(side.inFlight)) {
    if (handshake.sentOnConnection !== connection) continue
    inFlight = withEntry(inFlight, handshake.publish.packetId ?? 0, handshake)
  }
  return { ...side, inFlight }
}

export function openingOf(connect: Connect, sentAtMicroseconds: number): Opening {
  const { authenticationMethod, requestProblemInformation, sessionExpiryInterval } = connect.properties
  return {
    cleanStart: connect.cleanStart,
    clientId: connect.clientId,
    keepAliveSeconds: connect.keepAliveSeconds,
    sessionExpiryInterval: sessionExpiryInterval ?? 0,
    wantsProblemInformation: requestProblemInformation !== 0,
    sentAtMicroseconds,
    ...(authenticationMethod === undefined ? {} : { authenticationMethod }),
  }
}

export function withSide(conversation: Conversation, sender: Sender, side: Side): Conversation {
  return sender === 'client' ? { ...conversation, client: side } : { ...conversation, server: side }
}

export function otherSide(sender: Sender): Sender {
  return sender === 'client' ? 'server' : 'client'
}
