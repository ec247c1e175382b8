import type { Abortable } from '../../../connection/abort.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import { MqttCliError } from '../../../errors.ts'
import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import { localFault, localFaultError } from '../counters/local-fault.ts'
import type { ClientPatterns } from '../settings.ts'
import { establishSession } from './establish-session.ts'

/**
 * The MQTT version for all, when the first of all clients failed: that of another host where it found nobody at its own,
 * and undefined where somebody answered. A load that nobody takes is no result: then this throws kind 'unreachable'.
 */
export async function probedVersion(
  failure: unknown,
  clients: ClientPatterns,
  client: ConnectionSettings,
  signal: Abortable,
): Promise<ProtocolVersion | undefined> {
  if (!(failure instanceof MqttCliError) || failure.kind !== 'unreachable') return undefined
  const fault = localFault(failure)
  const version = await versionOfAnotherHost(clients, client, signal)
  if (version === undefined) throw fault === undefined ? unreachableError(failure) : localFaultError({ [fault]: 1 }, 1)
  return version
}

/** Who is asked is the client that found nobody: its identifier is free. */
async function versionOfAnotherHost(
  { targets = [] }: ClientPatterns,
  client: ConnectionSettings,
  signal: Abortable,
): Promise<ProtocolVersion | undefined> {
  for (const target of targets.filter((each) => each !== client.target)) {
    const settings = { ...client, target }
    const readBuffer = Buffer.alloc(1024)
    const found = await establishSession({ settings, signal, readBuffer }).catch(() => {})
    if (found === undefined) continue
    await found.link.leave(0, {})
    return found.version
  }
  return undefined
}

/** One clear line for who has no broker at hand. */
function unreachableError(error: MqttCliError): MqttCliError {
  return new MqttCliError('unreachable', error.message, {
    ...error.details,
    tries: [{ try: 'embedded-broker' }, ...(error.details.tries ?? [])],
  })
}
