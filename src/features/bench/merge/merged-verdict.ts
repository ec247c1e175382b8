import type { Judged, Verdict } from '../events.ts'
import { shardProblems } from '../report/shard-problems.ts'
import type { OtherShard } from '../shard-figures.ts'
import { missingShards } from './missing-shards.ts'
import type { ShardResult } from './shard-results.ts'

/** Valid where all shards are there and all are valid. What several say alike is said once, with their numbers. */
export function mergedVerdict(shards: readonly ShardResult[], merged: Pick<Judged, 'response' | 'load'>): Verdict {
  const problems = [
    ...untoldTimes(shards, merged),
    ...missingShards(shards).map((index) => missing(index, shards)),
    ...brokenOff(shards),
    ...saidBy(shards, (each) => each.verdict.problems.filter((problem) => !shardProblems(each).includes(problem))),
  ]
  return { isValid: problems.length === 0, problems, notes: saidBy(shards, ({ verdict }) => verdict.notes) }
}

/** Each shard told its own by its own clocks; of all together they leave too much open. */
function untoldTimes(
  shards: readonly ShardResult[],
  { response, load }: Pick<Judged, 'response' | 'load'>,
): readonly string[] {
  const { clockErrorMicroseconds: error, count } = response ?? {}
  const areToldEach = shards.every((each) => each.response === undefined || each.response.count > 0)
  if (load === 'saturate' || typeof error !== 'number' || count !== 0 || !areToldEach) return []
  return [
    `the clocks of the machines are known to ±${error} µs, which is more than a tenth of the median of all messages, and no latency is told`,
  ]
}

/** What the others saw of it. */
function missing(index: number, shards: readonly ShardResult[]): string {
  const { count } = shards[0]!.shard
  const [seen] = witnesses(index, shards)
  const what = seen === undefined ? 'there is no result of it' : `${wordsOf(seen.state)}, says shard ${seen.by}`
  return `shard ${index} of ${count} is missing: ${what}`
}

function wordsOf({ state, afterSeconds }: OtherShard): string {
  if (state !== 'gone')
    return (
      { done: 'there is no result of it, and it had sent all', stopped: 'it was stopped by its user' }[
        state as string
      ] ?? `it ${state}`
    )
  return afterSeconds === undefined
    ? 'it was gone before the load began'
    : `it was gone ${afterSeconds.toFixed(1)} s after the load began`
}

/** A result is there, and others saw its shard go before its time. */
function brokenOff(shards: readonly ShardResult[]): string[] {
  return shards.flatMap(({ shard: { index, count } }) => {
    const [seen] = witnesses(index, shards).filter(({ state: { state } }) => state === 'gone' || state === 'stopped')
    return seen === undefined ? [] : [`shard ${index} of ${count}: ${wordsOf(seen.state)}, says shard ${seen.by}`]
  })
}

/** Who knows the most comes first. */
function witnesses(index: number, shards: readonly ShardResult[]) {
  const told = shards.flatMap(({ shard }) =>
    (shard.others ?? []).flatMap((state) =>
      state.index === index && state.state !== 'running' && state.state !== 'unknown'
        ? [{ state, by: shard.index }]
        : [],
    ),
  )
  return told.sort((a, b) => Number(b.state.state === 'gone') - Number(a.state.state === 'gone') || a.by - b.by)
}

function saidBy(shards: readonly ShardResult[], of: (shard: ShardResult) => readonly string[]): string[] {
  const said = new Map<string, number[]>()
  for (const shard of shards) {
    for (const text of of(shard)) said.set(text, [...(said.get(text) ?? []), shard.shard.index])
  }
  return [...said].map(([text, by]) => `${by.length === 1 ? 'shard' : 'shards'} ${by.join(', ')}: ${text}`)
}
