import type { Abortable } from '../../../connection/abort.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { ClientPatterns } from '../settings.ts'
import { openSession } from './open-session.ts'

/**
 * The MQTT version that one of several hosts speaks, when the first of all clients found nobody at its own; undefined
 * when nobody is anywhere. Who is asked is the client that found nobody: its identifier is free.
 */
export async function versionElsewhere(
  { targets = [] }: ClientPatterns,
  client: ConnectionSettings,
  signal: Abortable,
): Promise<ProtocolVersion | undefined> {
  for (const target of targets.filter((each) => each !== client.target)) {
    const settings = { ...client, target }
    const readBuffer = Buffer.alloc(1024)
    const found = await openSession({ settings, signal, readBuffer }).catch(() => {})
    if (found === undefined) continue
    await found.link.leave(0, {})
    return found.version
  }
  return undefined
}
