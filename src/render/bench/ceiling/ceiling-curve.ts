import type { CurvePoint } from '../../../features/bench/ceiling/events.ts'

const order: Readonly<Record<CurvePoint['kind'], number>> = { probe: 0, hold: 1, confirm: 2 }

/** The windows of a search by how much they asked, and no longer by when. */
export function curveRows(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  return [...curve].sort((one, other) => amountOf(one) - amountOf(other) || order[one.kind] - order[other.kind])
}

/** Messages a second, connections, or subscribers. */
export function amountOf({ ratePerSecond, connections, subscribers }: CurvePoint): number {
  return ratePerSecond ?? connections ?? subscribers ?? 0
}
