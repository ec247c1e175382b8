import type { Unreadable } from '../../../capture/layers/layer.ts'
import type { CaptureAccount } from '../../../capture/read-capture.ts'
import type { ClientSummary } from '../../../observation/client-registry.ts'
import type { Finding } from '../../../observation/finding.ts'
import type { Sender } from '../../../protocol/wire/packet.ts'

/** A topic, and what was published to it, by whomever. */
export interface TopicFigures {
  readonly topic: string
  readonly messages: number
  /** Of their payloads. */
  readonly payloadBytes: number
}

/** Of everything in the file. */
export interface CaptureTotals extends CaptureAccount {
  /** Connections that carried MQTT. */
  readonly connections: number
  /** The others, by the reason why they show no packets. */
  readonly unreadable: Readonly<Partial<Record<Unreadable, number>>>
  /** The topics with the most messages, the first ones first. */
  readonly topTopics: readonly TopicFigures[]
  /** How many topics there were in all; the least used are no longer told apart beyond a bound. */
  readonly topics: number
}

/** What a capture file tells. Times are microseconds since its first frame. */
export type CaptureEvent =
  | {
      readonly event: 'opened'
      readonly connection: number
      /** `10.0.0.7:50312` */
      readonly remote: string
      /** The server's end. */
      readonly server: string
      /** What carries MQTT above TCP, from below. */
      readonly carriers: readonly string[]
      /** False where the capture begins later than the connection. */
      readonly hasBeginning: boolean
      readonly atMicroseconds: number
    }
  | {
      readonly event: 'finding'
      readonly connection: number
      /** Whose colour and number it has: another connection's, when this client was seen before. */
      readonly client: number
      readonly finding: Finding
    }
  /** Something that one side sent is not in the capture; told when it is known where packets begin again. */
  | {
      readonly event: 'missing'
      readonly connection: number
      readonly client: number
      readonly sender: Sender
      /** Bytes that are there and belong to no whole packet. */
      readonly skippedBytes: number
      readonly atMicroseconds: number
    }
  | {
      readonly event: 'closed'
      readonly connection: number
      readonly client: number
      /** By RST. */
      readonly isAbrupt: boolean
      readonly clientBytes: number
      readonly serverBytes: number
      readonly atMicroseconds: number
    }
  | { readonly event: 'summary'; readonly of: ClientSummary }
  /** Clients beyond those that are counted one by one. */
  | { readonly event: 'uncounted'; readonly clients: number }
  | { readonly event: 'capture'; readonly totals: CaptureTotals }
