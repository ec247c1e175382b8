import { ReasonCode } from '../../../protocol/reason-code.ts'
import type { Connect, Disconnect } from '../../../protocol/wire/packet.ts'
import { neverExpires } from '../sessions/session-table.ts'
import type { Overdue } from './client-timers.ts'

/** Why we end a connection, when it is not for what the client sent. */
export type Ending = Overdue | 'taken over' | 'fault' | 'shut down' | 'out of memory'

interface Cause {
  readonly cause: string
  /** What DISCONNECT says about it; absent: nothing, since nobody reads or knows how. */
  readonly reasonCode?: number
}

export const causes: Readonly<Record<Ending, Cause>> = {
  connect: { cause: 'no CONNECT in time' },
  'keep alive': { cause: 'keep alive timeout', reasonCode: ReasonCode.keepAliveTimeout },
  stalled: { cause: 'the client does not read' },
  'taken over': { cause: 'another client took the session over', reasonCode: ReasonCode.sessionTakenOver },
  fault: { cause: 'an error inside the broker', reasonCode: ReasonCode.unspecifiedError },
  'out of memory': {
    cause: 'it held more unread bytes than anybody else, and memory was full',
    reasonCode: ReasonCode.quotaExceeded,
  },
  'shut down': { cause: 'the broker shut down', reasonCode: ReasonCode.serverShuttingDown },
}

/** What becomes of a client's session and will. */
interface ConnectionEnd {
  readonly expirySeconds: number
  readonly willDelaySeconds: number
  /** Not after a DISCONNECT, but for one that asks for it [MQTT-3.14.4-3]. */
  readonly isWillDue: boolean
}

const withWill = 4

/** By its CONNECT, and by its DISCONNECT if there was one, which may give the session another lifetime [MQTT5 §3.14.2.2.2]. */
export function leavingAfter(
  { version, cleanStart, properties, will }: Connect,
  last: Disconnect | undefined,
): ConnectionEnd {
  const asked = last?.properties.sessionExpiryInterval ?? properties.sessionExpiryInterval ?? 0
  return {
    // [MQTT-3.1.2-23]; below MQTT 5 Clean Session says both things
    expirySeconds: version === 5 ? asked : cleanStart ? 0 : neverExpires,
    willDelaySeconds: will?.properties.willDelayInterval ?? 0,
    isWillDue: last === undefined || last.reasonCode === withWill,
  }
}
