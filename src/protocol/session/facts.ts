import type { Acknowledgement, PacketType, ProtocolVersion, QoS, Sender } from '../wire/packet.ts'
import type { LimitName } from './publish-limits.ts'

/** Which publish a fact is about. `number` counts the publishes of one sender, so it stays unique when ids come again. */
export interface PublishReference {
  readonly sender: Sender
  readonly number: number
  /** Absent at QoS 0. */
  readonly packetId?: number
  /** With a topic alias resolved; '' when the alias is unknown. */
  readonly topic: string
  readonly qos: QoS
  readonly startedAtMicroseconds: number
}

export interface HandshakeStep {
  readonly packet: 'publish' | Acknowledgement['type']
  readonly atMicroseconds: number
  /** Since the step before; 0 for the first. */
  readonly sincePreviousMicroseconds: number
}

export interface SubscriptionResult {
  readonly filter: string
  /** Absent where the answer has fewer codes than there were filters, and for UNSUBACK below MQTT 5. */
  readonly reasonCode?: number
}

/** What a packet meant, in the light of those before it. */
export type Fact =
  | ConnectedFact
  | { readonly kind: 'refused'; readonly version: ProtocolVersion; readonly reasonCode: number }
  | {
      readonly kind: 'disconnected'
      readonly by: Sender
      readonly version: ProtocolVersion
      readonly reasonCode: number
    }
  | { readonly kind: 'publish-started'; readonly publish: PublishReference }
  /** The PUBREC of a QoS 2 publish. */
  | (StepFact & { readonly kind: 'publish-received' })
  /** The PUBREL of a QoS 2 publish. */
  | (StepFact & { readonly kind: 'publish-released' })
  | (FinishedFact & { readonly kind: 'publish-completed' })
  /** PUBACK or PUBREC with a reason code of 0x80 or above. */
  | (FinishedFact & { readonly kind: 'publish-refused' })
  /** A step of a handshake that was seen before: PUBLISH with DUP, or an acknowledgement again. */
  | { readonly kind: 'duplicate'; readonly publish: PublishReference; readonly packet: HandshakeStep['packet'] }
  | UnmatchedFact
  | SubscribedFact
  | {
      readonly kind: 'subscription-refused'
      readonly version: ProtocolVersion
      readonly filter: string
      readonly reasonCode: number
    }
  | { readonly kind: 'ping-answered'; readonly elapsedMicroseconds: number }
  | LimitExceededFact
  | StatementViolatedFact

export interface ConnectedFact {
  readonly kind: 'connected'
  readonly version: ProtocolVersion
  /** The one in force: assigned by the server, if it assigned one. */
  readonly clientId: string
  /** The one in force: the server's, if it set one. */
  readonly keepAliveSeconds: number
  readonly sessionPresent: boolean
  /** The server goes on with a session whose earlier packets were not seen here. */
  readonly sessionUnseen: boolean
  readonly elapsedMicroseconds: number
}

interface StepFact {
  readonly publish: PublishReference
  readonly sincePreviousMicroseconds: number
}

interface FinishedFact {
  readonly publish: PublishReference
  readonly version: ProtocolVersion
  readonly reasonCode: number
  readonly steps: readonly HandshakeStep[]
  /** From PUBLISH to the last acknowledgement. */
  readonly elapsedMicroseconds: number
}

export interface UnmatchedFact {
  readonly kind: 'unmatched-acknowledgement'
  readonly by: Sender
  readonly packet: PacketType
  /** Absent for PINGRESP. */
  readonly packetId?: number
  /** What the identifier is waiting for instead, when it is in use. */
  readonly expected?: PacketType
  /** It may belong to a session that began before we looked. */
  readonly sessionUnseen: boolean
}

export interface SubscribedFact {
  readonly kind: 'subscribed' | 'unsubscribed'
  readonly version: ProtocolVersion
  readonly packetId: number
  readonly results: readonly SubscriptionResult[]
  readonly elapsedMicroseconds: number
}

export interface LimitExceededFact {
  readonly kind: 'limit-exceeded'
  readonly by: Sender
  readonly limit: LimitName
  readonly rule: string
  readonly message: string
}

export interface StatementViolatedFact {
  readonly kind: 'statement-violated'
  readonly by: Sender
  readonly rule: string
  readonly message: string
}
