import type { Connect } from '../../protocol/wire/packet.ts'
import type { Overdue } from './client-timers.ts'

/** Why we end a connection, when it is not for what the client sent. */
export type Ending = Overdue | 'taken over' | 'fault' | 'shut down'

interface Cause {
  readonly cause: string
  /** What DISCONNECT says about it; absent: nothing, since nobody reads or knows how. */
  readonly reasonCode?: number
}

export const causes: Readonly<Record<Ending, Cause>> = {
  connect: { cause: 'no CONNECT in time' },
  'keep alive': { cause: 'keep alive timeout', reasonCode: 0x8d },
  stalled: { cause: 'the client does not read' },
  'taken over': { cause: 'another client took the session over', reasonCode: 0x8e },
  fault: { cause: 'an error inside the broker', reasonCode: 0x80 },
  'shut down': { cause: 'the broker shut down', reasonCode: 0x8b },
}

/** Whether the session goes with the connection [MQTT-3.1.2-23]; below MQTT 5 Clean Session says both things. */
export function endsWithConnection({ version, cleanStart, properties }: Connect): boolean {
  return version < 5 ? cleanStart : (properties.sessionExpiryInterval ?? 0) === 0
}
