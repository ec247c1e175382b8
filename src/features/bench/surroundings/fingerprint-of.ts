import { epochMicroseconds } from '../../../connection/clock.ts'
import { type BenchContext, runNameOf } from '../bench-context.ts'
import type { Judged } from '../events.ts'
import type { Fingerprint } from '../fingerprint.ts'
import { clientSettings } from '../naming/client-settings.ts'
import { learnBroker } from './learn-broker.ts'
import { machineFacts } from './machine-facts.ts'
import { settingsFacts } from './settings-facts.ts'

/** What has to be the same for this result to be compared. A run that was stopped, or had no broker at its end, asks no more. */
export async function fingerprintOf(
  context: BenchContext,
  { mqttVersion, generator, connect }: Pick<Judged, 'mqttVersion' | 'generator' | 'connect'>,
): Promise<{ readonly fingerprint: Fingerprint; readonly brokerStartedAt?: string }> {
  const { settings, signal } = context
  const { workers } = generator
  const isThere = settings.asksBroker && connect.connected > 0 && mqttVersion !== undefined && !signal.aborted
  const { facts, uptimeSeconds } = isThere
    ? await learnBroker(askingClient(context, mqttVersion), signal)
    : { facts: {}, uptimeSeconds: undefined }
  return {
    fingerprint: {
      settings: settingsFacts(settings, { mqttVersion, workers }),
      machine: machineFacts(),
      broker: facts,
    },
    ...(uptimeSeconds !== undefined && { brokerStartedAt: startOf(uptimeSeconds) }),
  }
}

/** To the second: brokers tell no more. */
function startOf(uptimeSeconds: number): string {
  const startedMs = epochMicroseconds() / 1000 - uptimeSeconds * 1000
  return new Date(Math.round(startedMs / 1000) * 1000).toISOString()
}

/** Logs in as the first client does, under a name that none of them has. */
function askingClient(context: BenchContext, version: NonNullable<Judged['mqttVersion']>) {
  const { settings } = context
  const first = clientSettings(settings.connection, settings.clients, 0, runNameOf(context))
  return { ...first, version, clientId: `bench-${runNameOf(context)}-ask` }
}
