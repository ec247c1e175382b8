import type { BenchResult } from '../events.ts'
import type { Fingerprint } from '../fingerprint.ts'
import type { ShardResult } from './shard-results.ts'

/** What shards have each a part of; the other settings are those of the whole run in all of them. */
const addedUp = ['publishers', 'subscribers', 'connections', 'workers'] as const

/** By what the merged result may be compared: nothing, unless every shard says it. */
export function mergedFingerprint(
  shards: readonly ShardResult[],
): Pick<BenchResult, 'fingerprint' | 'brokerStartedAt'> {
  const fingerprints = shards.flatMap(({ fingerprint }) => fingerprint ?? [])
  if (fingerprints.length < shards.length) return {}
  const [startedAt, other] = new Set(shards.map(({ brokerStartedAt }) => brokerStartedAt))
  return {
    fingerprint: {
      settings: { ...settingsOf(fingerprints), shards: shards.length },
      machine: joined(fingerprints.map(({ machine }) => machine)),
      broker: joined(fingerprints.map(({ broker }) => broker)),
    },
    ...(startedAt !== undefined && other === undefined && { brokerStartedAt: startedAt }),
  }
}

function settingsOf(fingerprints: readonly Fingerprint[]): Fingerprint['settings'] {
  const sums = addedUp.flatMap((name) => {
    const counts = fingerprints.map(({ settings }) => settings[name]).filter((count) => typeof count === 'number')
    return counts.length === 0 ? [] : [[name, counts.reduce((sum, count) => sum + count, 0)] as const]
  })
  return { ...joined(fingerprints.map(({ settings }) => settings)), ...Object.fromEntries(sums) }
}

/** A fact that is the same everywhere stays itself; where they differ, all of them, so that another set is another one. */
function joined(facts: readonly Fingerprint['settings'][]): Fingerprint['settings'] {
  const names = [...new Set(facts.flatMap((each) => Object.keys(each)))]
  return Object.fromEntries(names.map((name) => [name, joinedFact(facts.map((each) => each[name] ?? 'unknown'))]))
}

function joinedFact(values: readonly (string | number | boolean)[]): string | number | boolean {
  const [only, ...others] = [...new Set(values)].sort()
  return others.length === 0 && only !== undefined ? only : [only, ...others].join(' + ')
}
