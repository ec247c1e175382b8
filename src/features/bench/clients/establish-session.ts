import type { Abortable } from '../../../connection/abort.ts'
import { leanDriver } from '../../../connection/driver/drivers.ts'
import { type Established, establish } from '../../../connection/establish.ts'
import type { Link } from '../../../connection/link/link.ts'
import type { LinkEnd } from '../../../connection/link/link-end.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { TransportMemory } from '../../../connection/transport/transport.ts'

interface SessionParts {
  readonly settings: ConnectionSettings
  readonly signal: Abortable
  readonly readBuffer: Buffer
  readonly memory?: TransportMemory
  /** One for all connections of a run: ten thousand promises would cost more than this call. */
  readonly ended?: (link: Link, end: LinkEnd) => void
}

/** One session on one network connection, which nothing is received on. What it throws is for who may try again. */
export function establishSession({ settings, signal, readBuffer, memory, ended }: SessionParts): Promise<Established> {
  const { version, clientId, cleanStart, cleanSession311 } = settings
  const mayResume = !cleanStart || !cleanSession311
  const makeDriver = leanDriver
  return establish({ settings, makeDriver, version, clientId, mayResume, accepted, signal, readBuffer, memory, ended })
}

function accepted(): void {}
