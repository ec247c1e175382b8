import type { BenchResult, BenchSecond, PercentilePoint } from '../../features/bench/events.ts'
import { disturbanceTable } from './disturbance-table.ts'
import { escapeXml } from './escape-xml.ts'
import { configurationTitle, targetText } from './headline.ts'
import { observedSection } from './observed-section.ts'
import { reportScript } from './report-script.ts'
import { reportStyle } from './report-style.ts'
import { configurationTable, errorTable, figureTables, thresholdTable, tiles } from './report-tables.ts'
import { subscriberSection } from './subscriber-section.ts'

interface Reported {
  readonly result: BenchResult
  readonly seconds: readonly BenchSecond[]
  readonly points: Readonly<Record<string, readonly PercentilePoint[]>>
}

/** The chart library as text: it is part of the page, which asks the network for nothing. */
export interface ChartLibrary {
  readonly script: string
  readonly style: string
}

/** A run as one HTML page: verdict, figures, charts to hover over and zoom, errors, configuration. */
export function reportHtml(reported: Reported, library: ChartLibrary): string {
  const { result } = reported
  const title = configurationTitle(result)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${escapeXml(`mqtt-cli ${title}`)}</title>
<style>${library.style}${reportStyle}</style></head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
<p class="where">${escapeXml(targetText(result))} · <time datetime="${escapeXml(result.startedAt)}">${escapeXml(dateText(result.startedAt))}</time></p>
${verdict(result)}
</header>
${tiles(result)}
${thresholdTable(result)}
${chart('throughput', 'Throughput', 'messages a second')}
${chart('latency', 'Latency over time', 'of each second', '<button type="button" id="logarithmic" aria-pressed="false">logarithmic</button>')}
${observedSection(result)}
${disturbanceTable(result)}
${chart('distribution', 'Latency by percentile', 'of the whole run')}
${subscriberSection(result)}
<section><h2>Errors by reason</h2>${errorTable(result)}</section>
${figureTables(result)}
<section><h2>Configuration</h2>${configurationTable(result)}</section>
<footer>mqtt-cli bench, run ${escapeXml(result.runId)}. Drag over a chart to zoom in, double-click to zoom out.</footer>
<script>${library.script.replaceAll('</script', '<\\/script')}</script>
<script id="run" type="application/json">${dataText(reported)}</script>
<script>${reportScript}</script>
</body></html>
`
}

function verdict({ verdict: { isValid, problems, notes }, thresholds }: BenchResult): string {
  const failed = thresholds.filter(({ held }) => !held).length
  const gate =
    thresholds.length === 0
      ? ''
      : failed === 0
        ? '<span class="badge good">✓ every threshold held</span>'
        : `<span class="badge bad">✗ ${failed} of ${thresholds.length} thresholds failed</span>`
  const trust = isValid
    ? '<span class="badge good" id="verdict">✓ valid</span>'
    : '<span class="badge bad" id="verdict">✗ NOT VALID</span>'
  const said = [
    ...problems.map((text) => `<p class="problem">${escapeXml(text)}</p>`),
    ...notes.map((text) => `<p class="note">${escapeXml(text)}</p>`),
  ]
  return `<p class="badges">${trust}${gate}</p>${said.join('')}`
}

export function chart(id: string, title: string, what: string, control = ''): string {
  return `<section class="chart-section"><h2>${title} <small>${what}</small>${control}</h2><div class="chart" id="${id}"></div></section>`
}

/** `2026-01-02 03:04:05 UTC`. */
export function dateText(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
}

/** JSON inside a script element: nothing in it may end the element. */
export function dataText(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}
