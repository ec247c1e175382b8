import { type BenchContext, runNameOf } from '../bench-context.ts'
import { clientSettings } from '../naming/client-settings.ts'
import type { BenchSettings, ShardPart } from '../settings.ts'
import { settingsMark } from '../shards/settings-mark.ts'
import { Rendezvous } from './rendezvous.ts'

/** Runs one shard of several: they meet before it, hear of each other meanwhile, and part after it. */
export async function inCompany<Run>(
  context: BenchContext,
  run: (rendezvous: Rendezvous | undefined) => Promise<Run>,
): Promise<Run> {
  const rendezvous = await opened(context)
  try {
    const result = await run(rendezvous)
    await rendezvous?.leave({ wasStopped: context.signal.aborted })
    return result
  } catch (failure) {
    rendezvous?.abandon()
    throw failure
  }
}

async function opened(context: BenchContext): Promise<Rendezvous | undefined> {
  const { settings, signal, emit } = context
  const { part, rendezvous } = settings
  if (part === undefined || rendezvous === undefined || part.count === 1) return undefined
  const own = clientSettings(settings.connection, settings.clients, firstClient(settings, part), runNameOf(context))
  return Rendezvous.open({
    part,
    settingsMark: settingsMark(settings, part),
    connection: { ...own, target: settings.connection.target, ...rendezvous.place },
    timeoutMs: rendezvous.timeoutMs,
    signal,
    note: (text) => emit({ event: 'note', text }),
  })
}

/** It logs in as the first client of this shard. */
function firstClient({ mode }: BenchSettings, { connections, publishers, subscribers, whole }: ShardPart): number {
  if (mode === 'conn') return connections.numbers[0] ?? 0
  return subscribers.numbers[0] ?? whole.subscribers + (publishers.numbers[0] ?? 0)
}
