import type { BenchResult } from '../../features/bench/events.ts'
import { disturbanceRows } from './disturbance-rows.ts'
import { escapeXml } from './escape-xml.ts'

/** What the numbered lines over the charts are. */
export function disturbanceTable(result: BenchResult): string {
  const rows = disturbanceRows(result)
  if (rows.length === 0) return ''
  const lines = rows.map(([, said], index) => `<tr><th scope="row">${index + 1}</th><td>${escapeXml(said)}</td></tr>`)
  return `<section><h2>Disturbances <small>the numbered lines above</small></h2><table id="disturbances">${lines.join('')}</table></section>`
}
