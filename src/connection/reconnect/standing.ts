import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import type { ConnectionSettings } from '../settings.ts'

/** A session that stands, the first time or again. */
export interface Standing {
  readonly isFirst: boolean
  readonly sessionPresent: boolean
  /** Since the last session ended, milliseconds. */
  readonly awayMs: number
  /** What became of the session that the broker should have: `none` where there was none to keep. */
  readonly session: 'kept' | 'lost' | 'none'
  readonly clientId: string
}

/** A session is expected where the user says that there is one, and where we left one behind. */
export function sessionFate(
  settings: ConnectionSettings,
  version: ProtocolVersion,
  isFirst: boolean,
  sessionPresent: boolean,
): Standing['session'] {
  const isOurs = !isFirst && !(version === 5 ? settings.cleanStart : settings.cleanSession311)
  if (sessionPresent) return 'kept'
  return isOurs || settings.resumesUserSession ? 'lost' : 'none'
}
