import type { BenchResult } from '../../features/bench/events.ts'
import { escapeXml } from './escape-xml.ts'
import { bytesText, countText, durationText, percentText, rateText } from './figures.ts'
import { versionText } from './headline.ts'
import { latencyCellsWithError, latencyColumns, latencyRows } from './latency-table.ts'
import { resultRows } from './result-rows.ts'

type Row = readonly [name: string, value: string]

/** What one looks for first. */
export function tiles(result: BenchResult): string {
  const { rates, response, acknowledged, arrivals, generator, connect, idle } = result
  const times = response ?? acknowledged ?? (idle && connect.times)
  const what = response ? 'response' : acknowledged ? 'to acknowledgement' : 'to connect'
  const flow = rates.received ?? rates.sent
  const shown: (readonly [string, string, string])[] = [
    ...(flow === undefined ? [] : [[rateText(flow), 'throughput', `${bytesText(rates.payloadBytes)}/s`] as const]),
    ...(idle ? [[countText(idle.held), 'connections held', rateText(connect.perSecond)] as const] : []),
    ...(times
      ? [
          [durationText(times.p50Microseconds), 'median', what] as const,
          [durationText(times.p95Microseconds), 'p95', what] as const,
          [durationText(times.p99Microseconds), 'p99', what] as const,
          [durationText(times.maxMicroseconds), 'max', what] as const,
        ]
      : []),
    ...(arrivals?.lost === undefined
      ? []
      : [[countText(arrivals.lost), 'lost', `${countText(arrivals.duplicate ?? 0)} duplicate`] as const]),
    [percentText(generator.cpu), 'of a core', 'the generator itself'],
  ]
  const one = ([value, name, more]: readonly [string, string, string]) =>
    `<div class="tile"><b>${escapeXml(value)}</b><span>${escapeXml(name)}</span><small>${escapeXml(more)}</small></div>`
  return `<div class="tiles">${shown.map(one).join('')}</div>`
}

export function thresholdTable({ thresholds }: BenchResult): string {
  if (thresholds.length === 0) return ''
  const rows = thresholds.map((each) => {
    const badge = each.held ? '<span class="badge good">pass</span>' : '<span class="badge bad">FAIL</span>'
    return `<tr><td>${badge}</td><th scope="row"><code>${escapeXml(each.threshold)}</code></th><td>${escapeXml(each.words)}</td></tr>`
  })
  return `<section><h2>Thresholds <small>what must not be true</small></h2><table id="thresholds">${rows.join('')}</table></section>`
}

export function errorTable({ connect, messages, arrivals }: BenchResult): string {
  const named = (what: string, reasons: Readonly<Record<string, number>> = {}) =>
    Object.entries(reasons).map(([reason, count]): Row => [`${what}: ${reason}`, countText(count)])
  const counted: (readonly [string, number | undefined])[] = [
    ['messages lost', arrivals?.lost],
    ['of these acknowledged before', arrivals?.lostAcked ?? undefined],
    ['messages duplicated', arrivals?.duplicate],
    ['messages reordered', arrivals?.reordered],
    ['messages unconfirmed', messages?.unconfirmed],
    ['messages never sent', messages?.unsent],
  ]
  const rows = [
    ...named('connection not made by this machine', connect.faults),
    ...named('connection refused', connect.refused),
    ...named('connection lost', connect.lost),
    ...named('message refused', messages?.refused),
    ...counted.flatMap(([what, count = 0]): Row[] => (count > 0 ? [[what, countText(count)]] : [])),
  ]
  return rows.length === 0 ? '<p id="errors" class="none">✓ none</p>' : table('errors', rows)
}

export function figureTables(result: BenchResult): string {
  const head = latencyColumns.map((name) => `<th scope="col">${name}</th>`).join('')
  const lines = latencyRows(result).map(
    ([name, figures]) =>
      `<tr><th scope="row">${escapeXml(name)}</th>${latencyCellsWithError(figures)
        .map((cell) => `<td>${cell}</td>`)
        .join('')}</tr>`,
  )
  const times = `<div class="wide"><table id="times" class="numbers"><tr><th></th>${head}</tr>${lines.join('')}</table></div>`
  return `<section><h2>Times</h2>${times}</section><section><h2>Figures</h2>${table('figures', resultRows(result))}</section>`
}

export function configurationTable(result: BenchResult): string {
  const { mode, load, qos, publishers, subscribers, payloadBytes, target, mqttVersion, rates } = result
  const [minimum, maximum] = payloadBytes
  const entries = {
    mode,
    load,
    ...(rates.asked !== undefined && { rate: rateText(rates.asked) }),
    QoS: qos,
    ...(result.idle ? { connections: result.idle.connections } : { publishers, subscribers }),
    payload: minimum === maximum ? `${minimum} bytes` : `${minimum} to ${maximum} bytes`,
    broker: target,
    ...(mqttVersion !== undefined && { 'MQTT version': versionText(mqttVersion) }),
    began: result.startedAt,
    measured: `${result.measuredSeconds.toFixed(1)} s`,
    run: result.runId,
  }
  return table(
    'configuration',
    Object.entries(entries).map(([name, value]): Row => [name, String(value)]),
  )
}

function table(id: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`,
  )
  return `<table id="${id}">${lines.join('')}</table>`
}
