import type { Advice, KeyedAdvice } from './advice.ts'

/**
 * What can go wrong, by kind. The kind decides the exit code (`cli/exit-codes.ts`) and nothing else does:
 * nobody reads a message to find out what happened.
 */
export type ErrorKind =
  | 'usage' // flags wrong or in conflict
  | 'unreachable' // DNS, TCP, TLS, proxy, WebSocket upgrade, no CONNACK in time
  | 'refused' // CONNACK, SUBACK, PUBACK/PUBREC >= 0x80, DISCONNECT from the broker
  | 'lost' // connection lost and not recovered, a publish unconfirmed, a deadline passed mid-work
  | 'protocol' // the peer broke the protocol
  | 'local-io' // local input or output failed
  | 'demand' // what was demanded did not hold
  | 'invalid-result' // a measurement that is not valid
  | 'gave-up' // -W ran out
  | 'hung-up' // SIGHUP
  | 'interrupted' // SIGINT
  | 'terminated' // SIGTERM

export interface ErrorDetails {
  /** Where it happened, for people: 'DNS', 'TCP', 'TLS', 'WebSocket', 'CONNACK', 'SUBACK', 'stdin' … */
  readonly layer?: string
  /** The MQTT reason code on the wire, when there is one. Never the exit code. */
  readonly reasonCode?: number
  /** The standard's name of the reason code. */
  readonly reasonName?: string
  /** Byte offset in the offending packet, and the rule it broke, for kind 'protocol'. */
  readonly offset?: number
  readonly statement?: string
  /** Likely causes in this situation, most likely first. */
  readonly causes?: readonly Advice[]
  /** At least one thing to try. */
  readonly tries?: readonly Advice[]
  /** The message in the words of the command, where it is about a flag. */
  readonly wording?: KeyedAdvice
  /** Further facts that `--json` prints as they are (host, port, topic, unconfirmed …). No secrets. */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** Every expected failure of ours. Anything else that reaches the top is a bug (exit 1). */
export class MqttCliError extends Error {
  override readonly name = 'MqttCliError'
  readonly kind: ErrorKind
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.details = details
  }
}
