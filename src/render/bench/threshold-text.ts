import type { ThresholdResult } from '../../features/bench/events.ts'
import { countText, decimalText, durationText } from './figures.ts'

/** What was measured for a threshold, in its unit. */
export function measuredText({ measured, unit }: ThresholdResult): string {
  if (Number.isNaN(measured)) return 'nothing: this run has no such figure'
  if (unit === 'µs') return durationText(measured)
  return `${unit === '%' ? decimalText(measured) : countText(measured)} ${unit}`
}
