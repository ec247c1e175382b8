import { ReasonCode } from '../protocol/reason-code.ts'
import { answerToViolation } from '../protocol/session/answer-to-violation.ts'
import { observe } from '../protocol/session/conversation.ts'
import { type Conversation, joinConversation } from '../protocol/session/conversation-state.ts'
import type { Fact } from '../protocol/session/facts.ts'
import type { WireEvent } from '../protocol/session/wire-event.ts'
import { startTrace, traceNextConnection, traceTapped, type WireTrace } from '../protocol/session/wire-trace.ts'
import type { AnnotatedPacket } from '../protocol/wire/annotate-packet.ts'
import { packetIn } from '../protocol/wire/harmless.ts'
import type { Packet, ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import type { Field, Violation } from '../protocol/wire/violation.ts'
import type { Assumption, InspectedPacket, InspectedViolation } from './inspected-packet.ts'
import { LazyPacket, seenIn } from './lazy-packet.ts'
import { asOverrun, isByteOpen, isUnreadConnect } from './overrun.ts'

/** A limit of the splitter's: the packet itself would say only that its end is missing. */

/** One frame as it was cut out of the bytes of its direction. */
export interface CutFrame {
  readonly sender: Sender
  /** The reader may keep it. */
  readonly wire: Buffer
  readonly streamOffset: number
  readonly atMicroseconds: number
  /** Set where no frame could be cut: it is not known where the next one begins. */
  readonly unreadable?: Violation
  readonly assumed?: readonly Assumption[]
}

/** Reads the packets of one client and its server, over as many connections as they take, each judged by those before it. */
export class PacketReader {
  #connection: number
  #trace: WireTrace
  #clientId: string | undefined
  /** Before the last packet. */
  #before: Conversation | undefined
  #hasUnreadConnect = false

  /** `connection` is the source's number of the first one. */
  constructor(connection: number, trace: WireTrace = startTrace()) {
    this.#connection = connection
    this.#trace = trace
  }

  get conversation(): Conversation {
    return this.#trace.conversation
  }

  /** The last packet did not reach the other side: the handshake that it belongs to stands where it stood. */
  undelivered(): void {
    this.#trace = { ...this.#trace, conversation: this.#before ?? this.#trace.conversation }
  }

  /** Packets were not seen: nothing after it is held against what may have been said in them. */
  missed(): void {
    const { version, opening, connection, client, server } = this.#trace.conversation
    const joined = joinConversation(version)
    const conversation: Conversation = {
      ...joined,
      connection,
      ...(opening !== undefined && { opening }),
      client: { ...joined.client, aliases: client.aliases, publishCount: client.publishCount },
      server: { ...joined.server, aliases: server.aliases, publishCount: server.publishCount },
    }
    this.#trace = { ...this.#trace, conversation }
  }

  nextConnection(connection: number): void {
    this.#connection = connection
    this.#trace = traceNextConnection(this.#trace)
  }

  read({ sender, wire, streamOffset, atMicroseconds, unreadable, assumed = [] }: CutFrame): InspectedPacket {
    const { version } = this.#trace.conversation
    this.#before = this.#trace.conversation
    const read =
      unreadable?.reasonCode === ReasonCode.packetTooLarge
        ? { packet: undefined, fields: [], violations: [unreadable] }
        : seenIn(wire, { version, sender })
    const mayHoldOverrun = sender === 'client' && this.#hasUnreadConnect && read.violations.length > 0
    const seen = mayHoldOverrun ? asOverrun(read) : read
    this.#hasUnreadConnect ||= isUnreadConnect(read)
    const decoded = seen.violations[0] ?? seen.packet!
    const harmless = packetIn(seen, wire, 0)
    const { trace, event } = traceTapped(this.#trace, { sender, atMicroseconds, bytes: wire.length, decoded, harmless })
    this.#trace = harmless === undefined ? { ...trace, conversation: this.#afterBad(event, seen.packet) } : trace
    this.#learnClientId(event.facts)
    return new LazyPacket(event, wire, seen, {
      connection: this.#connection,
      streamOffset,
      violations: inspectedAll(seen, mayHoldOverrun ? noBytes : wire, sender, version),
      clientId: this.#clientId,
      assumed,
      mayHoldOverrun,
    })
  }

  /** A CONNECT that breaks a rule opens the conversation all the same, or nothing after it could be judged. */
  #afterBad({ violation, version, atMicroseconds }: WireEvent, packet: Packet | undefined): Conversation {
    const { conversation } = this.#trace
    if (conversation.phase !== 'new' || violation?.packet !== 'connect') return conversation
    if (packet === undefined) return joinConversation(version)
    return observe(conversation, 'client', packet, atMicroseconds).conversation
  }

  /** As CONNECT says, or as the server assigned it. */
  #learnClientId(facts: readonly Fact[]): void {
    const connected = facts.find((fact) => fact.kind === 'connected')
    this.#clientId = connected?.clientId ?? this.#clientId ?? this.#trace.conversation.opening?.clientId
  }
}

/** CONNECT tells its version, also one that breaks a rule further on. */
function levelIn(fields: readonly Field[]): ProtocolVersion | undefined {
  const level = fields.find(({ name }) => name === 'protocolLevel')?.value
  return level === 3 || level === 4 || level === 5 ? level : undefined
}

/** In place of bytes that may hold a password. */
const noBytes = Buffer.alloc(0)
const none: readonly InspectedViolation[] = []

function inspectedAll(
  seen: AnnotatedPacket,
  wire: Buffer,
  sender: Sender,
  version: ProtocolVersion,
): readonly InspectedViolation[] {
  if (seen.violations.length === 0) return none
  const { fields } = seen
  return seen.violations.map((violation) => inspected(violation, wire, sender, fields, levelIn(fields) ?? version))
}

function inspected(
  violation: Violation,
  wire: Buffer,
  sender: Sender,
  fields: readonly Field[],
  version: ProtocolVersion,
): InspectedViolation {
  const byte = isByteOpen(violation, fields) ? wire[violation.offset] : undefined
  const answer = answerToViolation(violation, sender, version)
  return { ...violation, ...(byte === undefined ? {} : { byte }), answer }
}
