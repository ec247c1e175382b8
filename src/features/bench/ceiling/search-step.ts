/**
 * rest: so little that it says only whether what came before is over. probe: a short window. hold: a long one. confirm: a
 * long one again, of what has held.
 */
export type StepKind = 'rest' | 'probe' | 'hold' | 'confirm'

export interface SearchStep {
  readonly kind: StepKind
  /** Messages a second, connections, or subscribers. */
  readonly at: number
}

/** bad: the broker could not. unusable: the generator could not, and nothing was learnt of the broker. */
export type Judgement = 'good' | 'bad' | 'unusable'

export interface JudgedStep extends SearchStep {
  readonly judgement: Judgement
}

/** Why a search is over. */
export type SearchEnd =
  /** What is confirmed has something above it that the broker could not do. */
  | 'found'
  /** Nothing above was to be tried. */
  | 'bound'
  /** What is above the generator could not make. */
  | 'generator'
  /** Not even the least. */
  | 'never good'
  /** What held once did not hold again, however far it went back. */
  | 'not steady'
  /** After too much it did not come back to rest. */
  | 'not rested'

/** A failure, and something that asks more and passed: figures that only grow with the load have no such pair. */
export interface Contradiction {
  readonly failed: JudgedStep
  readonly passed: JudgedStep
}

/** As much or more, for as long or longer. */
export function contradictions(steps: readonly JudgedStep[]): Contradiction[] {
  const failures = steps.filter(({ judgement, kind }) => judgement === 'bad' && kind !== 'rest')
  return failures.flatMap((failed) => {
    const passed = steps.find((each) => each.judgement === 'good' && asksMore(each, failed))
    return passed === undefined ? [] : [{ failed, passed }]
  })
}

function asksMore(one: SearchStep, other: SearchStep): boolean {
  return one.kind !== 'rest' && one.at >= other.at && (other.kind === 'probe' || one.kind !== 'probe')
}
