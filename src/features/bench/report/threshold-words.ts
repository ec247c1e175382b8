import type { Measure } from '../events.ts'
import type { Demand, Threshold, ThresholdComparison } from '../settings.ts'

/** In which a figure is measured. */
export type Unit = 'µs' | 'messages' | 'messages/s' | 'connections' | 'refusals' | 'connections/s' | '%'

/** A threshold says what must not be true; what is wanted is the rest. */
const wanted: Readonly<Record<ThresholdComparison, string>> = {
  '>': 'at most',
  '>=': 'below',
  '<': 'at least',
  '<=': 'above',
}

/** A demand says what is wanted itself. */
const demanded: Readonly<Record<Demand['comparison'], string>> = {
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
  '=': 'exactly',
}

/** `wanted p99 at most 20 ms; 31 ms: failed`. */
export function thresholdWords(threshold: Threshold, unit: Unit, measured: Measure, held: boolean): string {
  return words(threshold, wanted[threshold.comparison], unit, measured, held)
}

/** `wanted p99 below 20 ms; 31 ms: failed`. */
export function demandWords(demand: Demand, unit: Unit, measured: Measure, held: boolean): string {
  return words(demand, demanded[demand.comparison], unit, measured, held)
}

function words({ metric, limit }: Demand, phrase: string, unit: Unit, measured: Measure, held: boolean): string {
  const said = measured === null ? 'not measured' : `${inUnit(measured, unit)}: ${held ? 'held' : 'failed'}`
  return `wanted ${metric} ${phrase} ${inUnit(limit, unit)}; ${said}`
}

function inUnit(value: number, unit: Unit): string {
  if (unit === 'µs') return duration(value)
  const isOne = value === 1 && !unit.includes('/')
  return `${short(value)} ${isOne ? unit.replace(/s$/, '') : unit}`
}

function duration(microseconds: number): string {
  if (microseconds < 1000) return `${short(microseconds)} µs`
  return microseconds < 1e6 ? `${short(microseconds / 1e3)} ms` : `${short(microseconds / 1e6)} s`
}

/** Three digits that matter, and all of a larger whole. */
function short(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 10 })
}
