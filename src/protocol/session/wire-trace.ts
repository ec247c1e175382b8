import type { Packet, Sender } from '../wire/packet.ts'
import type { Violation } from '../wire/violation.ts'
import { observe } from './conversation.ts'
import { type Conversation, nextConnection, startConversation } from './conversation-state.ts'
import type { WireEvent } from './wire-event.ts'

/** One client's packets on their way to becoming events. Immutable. */
export interface WireTrace {
  readonly conversation: Conversation
  readonly lastAtMicroseconds?: number
}

/** What the tap saw: bytes that are a packet, or bytes that are not. */
interface TappedPacket {
  readonly sender: Sender
  readonly atMicroseconds: number
  readonly bytes: number
  readonly decoded: Packet | Violation
  /** With a violation that is harmless: the packet that it is all the same, which the conversation goes on with. */
  readonly harmless?: Packet
}

export function startTrace(): WireTrace {
  return { conversation: startConversation() }
}

/** The client connects anew; its publishes in flight stay until CONNACK tells about the session. */
export function traceNextConnection(trace: WireTrace): WireTrace {
  return { ...trace, conversation: nextConnection(trace.conversation) }
}

export function traceTapped(
  before: WireTrace,
  tapped: TappedPacket,
): { readonly trace: WireTrace; readonly event: WireEvent } {
  const { sender, bytes, decoded } = tapped
  const atMicroseconds = Math.round(tapped.atMicroseconds) // clocks give fractions that mean nothing
  const isPacket = 'type' in decoded
  const packet = isPacket ? decoded : tapped.harmless
  const { conversation, facts } =
    packet === undefined
      ? { conversation: before.conversation, facts: [] }
      : observe(before.conversation, sender, packet, atMicroseconds, { packetBytes: bytes })
  const event: WireEvent = {
    connection: conversation.connection,
    sender,
    version: conversation.version,
    atMicroseconds,
    sincePreviousMicroseconds: atMicroseconds - (before.lastAtMicroseconds ?? atMicroseconds),
    bytes,
    ...(isPacket ? { packet: decoded } : { violation: decoded }),
    facts,
  }
  return { trace: { conversation, lastAtMicroseconds: atMicroseconds }, event }
}
