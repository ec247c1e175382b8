import type { Judged } from '../events.ts'
import type { OtherShard } from '../shard-figures.ts'

/** Where a part of the load was not made, the figures are those of another one: never averaged away. */
export function shardProblems({ shard }: Pick<Judged, 'shard'>): string[] {
  return (shard?.others ?? []).flatMap((other) => {
    const what = missingPart(other)
    return what === undefined ? [] : [`shard ${other.index} of ${shard?.count} ${what}`]
  })
}

function missingPart({ state, afterSeconds }: OtherShard): string | undefined {
  switch (state) {
    case 'done':
    case 'running':
      return undefined
    case 'gone':
      return afterSeconds === undefined
        ? 'was gone before the load began'
        : `was gone ${afterSeconds.toFixed(1)} s after the load began: its part of the load was not made`
    case 'stopped':
      return 'was stopped by its user: its part of the load was not made'
    case 'never came':
      return 'never came'
    case 'unknown':
      return 'is not known of: the connection to the rendezvous was lost'
  }
}
