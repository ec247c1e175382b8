import type { PacketType } from './packet.ts'

/** A rule that a peer's bytes broke. Data, never thrown: who reads it decides what to do. */
export interface Violation {
  /** Which packet, when the first byte tells. */
  readonly packet?: PacketType
  /** Byte offset from the packet's first byte. */
  readonly offset: number
  /** `[MQTT-3.3.1-4]`, `[MQTT-3.1.1:4.8.0-1]`, or a section where the standard has no statement: `[MQTT5 §2.2.2.2]`. */
  readonly rule: string
  /** What a conforming MQTT 5 peer says before it closes: 0x81 malformed, 0x82 protocol error, 0x95 too large … */
  readonly reasonCode: number
  /** One sentence of our own: what is wrong with which field. Never contains a payload or a password. */
  readonly message: string
}

/** A span of a packet and what it means. Nested spans come after the span that holds them. */
export interface Field {
  /** Path of the field: 'fixed header.flags', 'properties.receiveMaximum', 'payload' … */
  readonly name: string
  /** Byte offsets from the packet's first byte; `end` is exclusive. */
  readonly start: number
  readonly end: number
  /** The decoded value, as plain data. Secrets are values too: the reader redacts by `secret`. */
  readonly value?: unknown
  readonly secret?: boolean
}

/** Tells a decoded packet from the reason why there is none. */
export function isViolation(value: object): value is Violation {
  return 'rule' in value
}
