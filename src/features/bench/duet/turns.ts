import type { SideName } from './settings.ts'

/** One run of one side. */
export interface Turn {
  readonly round: number
  readonly side: SideName
}

/** ABBA: what drifts on in a straight line moves both sides alike. */
export function turnsOf(rounds: number): readonly Turn[] {
  return Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) => {
    const order = round % 2 === 1 ? (['a', 'b'] as const) : (['b', 'a'] as const)
    return order.map((side) => ({ round, side }))
  })
}
