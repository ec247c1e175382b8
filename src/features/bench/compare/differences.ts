import { MqttCliError } from '../../../errors.ts'
import type { ComparedRun } from './comparison.ts'
import type { Difference } from './difference.ts'

const absent = 'none'
/** Where a run has none at all, each of its facts is missing, and need not be named. */
const whole = 'fingerprint'

/** All that the fingerprints of two sets of runs do not agree on. A run that has none agrees with nobody. */
export function differences(base: readonly ComparedRun[], next: readonly ComparedRun[]): readonly Difference[] {
  const [before, after] = [base.map(factsOf), next.map(factsOf)]
  const isMissing = [...before, ...after].some((facts) => facts.get(whole) === absent)
  const names = isMissing ? [whole] : new Set([...before, ...after].flatMap((facts) => [...facts.keys()]))
  return [...names].flatMap((what) => {
    const sides = { base: valuesOf(what, before), new: valuesOf(what, after) }
    return isMissing || new Set([...sides.base, ...sides.new]).size > 1 ? [{ what, ...sides }] : []
  })
}

/** What was measured under other circumstances differs by them, and nobody can tell by how much. */
export function refuseDifferent(found: readonly Difference[]): void {
  if (found.length === 0) return
  const named = found.map(({ what, base, new: next }) => `${what} (${base.join(', ')} against ${next.join(', ')})`)
  throw new MqttCliError('usage', `These runs are not of the same kind: ${named.join('; ')}`, {
    tries: ['run both sides alike', { try: 'compare-across' }],
  })
}

function valuesOf(what: string, facts: readonly ReadonlyMap<string, string>[]): readonly string[] {
  return [...new Set(facts.map((each) => each.get(what) ?? absent))].sort()
}

function factsOf({ result: { fingerprint } }: ComparedRun): ReadonlyMap<string, string> {
  if (fingerprint === undefined) return new Map([[whole, absent]])
  const parts = Object.entries({ ...fingerprint, fingerprint: { is: 'there' } })
  return new Map(
    parts.flatMap(([part, facts]) =>
      Object.entries(facts).map(
        ([name, value]) => [part === 'fingerprint' ? part : `${part}.${name}`, String(value)] as const,
      ),
    ),
  )
}
