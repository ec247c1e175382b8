import type { ProtocolVersion, Sender } from '../wire/packet.ts'
import type { LimitExceededFact, StatementViolatedFact } from './facts.ts'
import type { LimitProblem } from './publish-limits.ts'

/** A rule as each standard numbers it; without `below`, the rule came with MQTT 5. */
export interface Rule {
  readonly five: string
  readonly below?: string
  readonly message: string
}

/** The fact that `by` broke the rule, or undefined where the version does not have it. */
export function violated(version: ProtocolVersion, by: Sender, rule: Rule): StatementViolatedFact | undefined {
  const id = version === 5 ? rule.five : rule.below
  return id === undefined ? undefined : { kind: 'statement-violated', by, rule: id, message: rule.message }
}

export function exceeded(by: Sender, problem: LimitProblem | undefined): LimitExceededFact | undefined {
  return problem === undefined ? undefined : { kind: 'limit-exceeded', by, ...problem }
}

/** The facts that there are, in order. */
export function present<T>(facts: readonly (T | undefined)[]): readonly T[] {
  return facts.filter((fact): fact is T => fact !== undefined)
}
