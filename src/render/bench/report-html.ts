import type { BenchResult, BenchSecond, PercentilePoint } from '../../features/bench/events.ts'
import { durationText } from './figures.ts'
import { reportScript } from './report-script.ts'
import { reportStyle } from './report-style.ts'
import { resultRows } from './result-rows.ts'

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

/** A run as one HTML page: figures, charts to hover over and zoom, errors, configuration, verdict. */
export function reportHtml({ result, seconds, points }: Reported, library: ChartLibrary): string {
  const title = `mqtt-cli bench ${result.mode}, ${result.startedAt}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${library.style}${reportStyle}</style></head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="verdict ${result.verdict.isValid ? 'valid' : 'invalid'}" id="verdict">${result.verdict.isValid ? 'valid' : 'NOT VALID'}</p>
${[...result.verdict.problems, ...result.verdict.notes].map((line) => `<p class="note">${escapeHtml(line)}</p>`).join('\n')}
${thresholdTable(result)}
<h2>Throughput</h2><div class="chart" id="throughput"></div>
<h2>Latency over time</h2><div class="chart" id="latency"></div>
<h2>Latency by percentile</h2><div class="chart" id="distribution"></div>
<h2>Errors by reason</h2>${errorTable(result)}
<h2>Figures</h2>${table('figures', resultRows(result))}
<h2>Configuration</h2>${table('configuration', configuration(result))}
<script>${library.script.replaceAll('</script', '<\\/script')}</script>
<script id="run" type="application/json">${dataText({ result, seconds, points })}</script>
<script>${reportScript}</script>
</body></html>
`
}

function thresholdTable({ thresholds }: BenchResult): string {
  if (thresholds.length === 0) return ''
  const rows = thresholds.map(({ threshold, held, measured, unit }): readonly [string, string] => [
    threshold,
    `${held ? 'pass' : 'FAIL'}: measured ${unit === 'µs' ? durationText(measured) : `${Math.round(measured * 100) / 100} ${unit}`}`,
  ])
  return `<h2>Thresholds</h2>${table('thresholds', rows)}`
}

function errorTable({ connect, messages, arrivals }: BenchResult): string {
  const named = (what: string, reasons: Readonly<Record<string, number>> = {}) =>
    Object.entries(reasons).map(([reason, count]): readonly [string, string] => [`${what}: ${reason}`, String(count)])
  const counted: (readonly [string, number | undefined])[] = [
    ['messages lost', arrivals?.lost],
    ['messages duplicated', arrivals?.duplicate],
    ['messages reordered', arrivals?.reordered],
    ['messages unconfirmed', messages?.unconfirmed],
    ['messages never sent', messages?.unsent],
  ]
  const rows = [
    ...named('connection refused', connect.refused),
    ...named('connection lost', connect.lost),
    ...named('message refused', messages?.refused),
    ...counted.flatMap(([what, count = 0]) => (count > 0 ? [[what, String(count)] as const] : [])),
  ]
  return rows.length === 0 ? '<p id="errors">none</p>' : table('errors', rows)
}

function configuration({
  mode,
  load,
  qos,
  publishers,
  subscribers,
  payloadBytes,
  target,
  mqttVersion,
  runId,
}: BenchResult) {
  const [minimum, maximum] = payloadBytes
  return Object.entries({
    mode,
    load,
    qos,
    publishers,
    subscribers,
    'payload, bytes': minimum === maximum ? minimum : `${minimum} to ${maximum}`,
    target,
    'MQTT version': mqttVersion === undefined ? '' : { 3: '3.1', 4: '3.1.1', 5: '5' }[mqttVersion],
    run: runId,
  }).map(([name, value]): readonly [string, string] => [name, String(value)])
}

function table(id: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
  return `<table id="${id}">${lines.join('')}</table>`
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => entities[character] ?? '')
}

/** JSON inside a script element: nothing in it may end the element. */
function dataText(data: Reported): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}
