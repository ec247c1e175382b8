import type { CeilingOutcome, CeilingResult } from '../../../features/bench/ceiling/events.ts'
import { escapeXml } from '../escape-xml.ts'
import { countText, durationText } from '../figures.ts'
import { type ChartLibrary, chart, dataText, dateText } from '../report-html.ts'
import { reportStyle } from '../report-style.ts'
import { figureTables } from '../report-tables.ts'
import { amountOf, curveRows } from './ceiling-curve.ts'
import { ceilingTitle, confirmedText } from './ceiling-lines.ts'
import { ceilingReportScript } from './ceiling-report-script.ts'

/** Figures stay in one piece; reasons are sentences. */
const windowStyle = '#windows th { width: auto; } #windows td:not(:last-child), #windows th { white-space: nowrap; }'
const amounts = { rate: 'messages a second', connections: 'connections', subscribers: 'subscribers' }

/** The most that a broker does as one HTML page: what was confirmed, the curve as chart and table, the window's figures. */
export function ceilingReportHtml({ result }: Pick<CeilingOutcome, 'result'>, library: ChartLibrary): string {
  const title = ceilingTitle(result)
  const { axis, confirmed, startedAt, target } = result
  const points = curveRows(result.curve).map((point) => ({ ...point, at: amountOf(point) }))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${escapeXml(`mqtt-cli ${title}`)}</title>
<style>${library.style}${reportStyle}${windowStyle}</style></head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
<p class="where">${escapeXml(target)} · <time datetime="${escapeXml(startedAt)}">${escapeXml(dateText(startedAt))}</time></p>
${badges(result)}
</header>
<p id="confirmed">${escapeXml(`${result.demands.join(', ')}: ${confirmedText(result)}`)}</p>
${chart('curve-times', 'Times', `by ${amounts[axis]}`)}
${chart('curve-lost', 'Lost', `by ${amounts[axis]}`)}
<section><h2>Windows</h2>${windowTable(result)}</section>
${confirmed === undefined ? '' : figureTables(confirmed)}
<footer>mqtt-cli bench max. Drag over a chart to zoom in, double-click to zoom out.</footer>
<script>${library.script.replaceAll('</script', '<\\/script')}</script>
<script id="run" type="application/json">${dataText({ points, axis })}</script>
<script>${ceilingReportScript}</script>
</body></html>
`
}

function badges({ verdict, confirmed }: CeilingResult): string {
  const trust = verdict.isValid
    ? '<span class="badge good" id="verdict">✓ valid</span>'
    : '<span class="badge bad" id="verdict">✗ NOT VALID</span>'
  const found = confirmed === undefined ? '<span class="badge bad">✗ nothing confirmed</span>' : ''
  const said = [
    ...verdict.problems.map((text) => `<p class="problem">${escapeXml(text)}</p>`),
    ...verdict.notes.map((text) => `<p class="note">${escapeXml(text)}</p>`),
  ]
  return `<p class="badges">${trust}${found}</p>${said.join('')}`
}

function windowTable({ axis, curve }: CeilingResult): string {
  const head = ['', axis, 'p50', 'p99', 'lost', '', ''].map((name) => `<th scope="col">${name}</th>`).join('')
  const rows = curveRows(curve).map((point) => {
    const { kind, p50Microseconds, p99Microseconds, lost, outcome, reasons } = point
    const figures = [
      countText(amountOf(point)),
      durationText(p50Microseconds),
      durationText(p99Microseconds),
      lost === null ? '–' : countText(lost),
    ].map((cell) => `<td>${cell}</td>`)
    const badge = `<td><span class="badge ${outcome === 'held' ? 'good' : 'bad'}">${outcome}</span></td>`
    return `<tr><th scope="row">${kind}</th>${figures.join('')}${badge}<td>${escapeXml(reasons.join('; '))}</td></tr>`
  })
  return `<div class="wide"><table id="windows">${`<tr>${head}</tr>`}${rows.join('')}</table></div>`
}
