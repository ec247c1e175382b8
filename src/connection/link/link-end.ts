import type { MqttCliError } from '../../errors.ts'
import type { Disconnect } from '../../protocol/wire/packet.ts'
import { connectionLost } from './link-errors.ts'

/** How a network connection ended. */
export interface LinkEnd {
  /** Undefined after a planned end. */
  readonly error?: MqttCliError
  /** The broker's last word, when it had one. */
  readonly disconnect?: Disconnect
  /** The peer ended it, and said nothing. */
  readonly isWordless?: true
  /** The packet of ours that it ended it on: nothing else had come since CONNACK. */
  readonly closedOn?: string
}

/** What who still waits for something learns, even when the end was planned. */
export function errorOfEnd(end: LinkEnd, where: string): MqttCliError {
  return end.error ?? connectionLost(where)
}
