import type { Comparison, MetricComparison, QuantityComparison } from '../../../features/bench/compare/comparison.ts'
import { escapeXml } from '../escape-xml.ts'
import { type ChartLibrary, chart, dataText } from '../report-html.ts'
import { reportStyle } from '../report-style.ts'
import { metricCells, verdictText } from './comparison-lines.ts'
import { comparisonReportScript } from './comparison-report-script.ts'
import { comparisonReportStyle } from './comparison-report-style.ts'
import type { ComparisonView } from './comparison-view.ts'
import { intervalChart } from './interval-chart.ts'

/** A comparison as one HTML page: both sides in each chart, over each other. */
export function comparisonReportHtml(view: ComparisonView, library: ChartLibrary): string {
  const { title, sides, comparison, distributions } = view
  const quantities = comparison.metrics.filter((each) => each.kind === 'quantity')
  const rounds = quantities.map(({ metric, unit, baseValues, newValues }) => ({ metric, unit, baseValues, newValues }))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${escapeXml(`mqtt-cli ${title}`)}</title>
<style>${library.style}${reportStyle}${comparisonReportStyle}</style></head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
<p class="where"><span class="side base">base</span> ${escapeXml(sides.base)}<br><span class="side new">new</span> ${escapeXml(sides.new)}</p>
${badges(comparison)}
</header>
<section><h2>Metrics</h2>${metricTable(comparison.metrics)}</section>
<section class="chart-section"><h2>Change <small>of new to base, with its interval of 95 %; what lies in the band is no matter</small></h2>${intervalChart(comparison)}</section>
${chart('distribution', 'Latency by percentile', 'of all runs of each side')}
${quantities.map(roundChart).join('\n')}
<footer>mqtt-cli bench. Drag over a chart to zoom in, double-click to zoom out.</footer>
<script>${library.script.replaceAll('</script', '<\\/script')}</script>
<script id="run" type="application/json">${dataText({ rounds, distributions })}</script>
<script>${comparisonReportScript}</script>
</body></html>
`
}

function badges(comparison: Comparison): string {
  const { metrics, isIndicative, isValid, notes } = comparison
  const isWorse = metrics.some(({ verdict, gates }) => gates && verdict === 'worse')
  const said = [
    ...(isValid ? [] : ['<span class="badge bad">✗ NOT VALID</span>']),
    ...(isIndicative ? ['<span class="badge">indicative only</span>'] : []),
    `<span class="badge ${isWorse ? 'bad' : 'good'}" id="verdict">${isWorse ? '✗ worse' : '✓ nothing that decides is worse'}</span>`,
  ]
  const told = notes.map((note) => `<p class="note">${escapeXml(note)}</p>`)
  return `<p class="badges">${said.join('')}</p><p>${escapeXml(verdictText(comparison))}</p>${told.join('')}`
}

function metricTable(metrics: readonly MetricComparison[]): string {
  const head = ['', '', 'base', 'new', 'change', '95 % interval', 'p', 'noise'].map(
    (name) => `<th scope="col">${name}</th>`,
  )
  const rows = metrics.map((metric) => {
    const [name = '', ...cells] = metricCells(metric)
    const verdict = metric.gates ? metric.verdict : `(${metric.verdict})`
    const shown = cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')
    const said = `<td class="verdict ${metric.verdict}">${verdict}</td>` // before the figures: a telephone shows no more
    return `<tr><th scope="row">${escapeXml(name)}</th>${said}${shown}</tr>`
  })
  return `<div class="wide"><table id="metrics" class="numbers"><tr>${head.join('')}</tr>${rows.join('')}</table></div>`
}

function roundChart({ metric, unit }: QuantityComparison, index: number): string {
  return chart(`round-${index}`, `${metric}, run by run`, unit === 'µs' ? 'of each run' : escapeXml(unit))
}
