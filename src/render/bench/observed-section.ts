import type { BenchResult } from '../../features/bench/events.ts'
import { escapeXml } from './escape-xml.ts'
import { bytesText, countText, percentText } from './figures.ts'

/** What the broker used and dropped: charts that share the axis of those above, and what it came to. */
export function observedSection({ observed = [] }: BenchResult): string {
  if (observed.length === 0) return ''
  const charts = ['broker-cpu', 'broker-memory', 'broker-dropped'].map((id) => `<div class="chart" id="${id}"></div>`)
  const cells = observed.map(({ source, cpu, cpuMicrosecondsPerMessage, memoryBytes, dropped, gaps }) => [
    source,
    percentText(cpu),
    cpuMicrosecondsPerMessage === null ? 'not measured' : `${cpuMicrosecondsPerMessage.toFixed(2)} µs`,
    bytesText(memoryBytes.most),
    Object.keys(dropped).length === 0
      ? 'not told'
      : countText(Object.values(dropped).reduce((sum, each) => sum + each, 0)),
    gaps.length === 0 ? 'none' : gaps.map((gap) => `${gap.fromSecond} to ${gap.toSecond} s: ${gap.reason}`).join('; '),
  ])
  const head = ['source', 'of a core', 'a message', 'memory at most', 'dropped', 'gaps']
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeXml(text)}</${tag}>`).join('')}</tr>`
  const table = `<div class="wide"><table id="observed">${line('th', head)}${cells.map((each) => line('td', each)).join('')}</table></div>`
  return `<section class="chart-section"><h2>The broker <small>CPU, memory, and what it dropped by its own count</small></h2>${charts.join('')}${table}</section>`
}
