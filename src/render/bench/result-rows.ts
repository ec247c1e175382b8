import type { BenchResult, ConnectFigures, IdleFigures, LatencyFigures, Reasons } from '../../features/bench/events.ts'
import { bytesText, countText, durationText, percentText, rateText } from './figures.ts'

export type ResultRow = readonly [name: string, value: string]

/** The figures of a run in the order in which one reads them, for every view of them. */
export function resultRows(result: BenchResult): ResultRow[] {
  return [
    ...loadRows(result),
    ...messageRows(result),
    ...arrivalRows(result),
    ...connectRows(result.connect),
    ...idleRows(result.idle),
    ...generatorRows(result),
  ]
}

function loadRows({ rates, measuredSeconds }: BenchResult): ResultRow[] {
  const rows: ResultRow[] = [['measured', `${measuredSeconds.toFixed(1)} s`]]
  if (rates.asked !== undefined) rows.push(['asked', rateText(rates.asked)])
  if (rates.sent !== undefined) rows.push(['sent', rateText(rates.sent)])
  if (rates.received !== undefined) rows.push(['received', rateText(rates.received)])
  if (rates.payloadBytes > 0) rows.push(['payload', `${bytesText(rates.payloadBytes)}/s`])
  return rows
}

function messageRows({ messages, qos }: BenchResult): ResultRow[] {
  if (messages === undefined) return []
  const { offered, sent, acked, unconfirmed, unsent, late, refused } = messages
  const rows: ResultRow[] = [
    [
      'messages',
      `${countText(offered)} offered, ${countText(sent)} sent${qos > 0 ? `, ${countText(acked)} acked` : ''}`,
    ],
  ]
  if (late > 0) rows.push(['late', countText(late)])
  if (unsent > 0) rows.push(['unsent', countText(unsent)])
  if (unconfirmed > 0) rows.push(['unconfirmed', countText(unconfirmed)])
  return [...rows, ...reasonRows('refused', refused)]
}

function arrivalRows({ arrivals, response, service, acknowledged, acknowledgedService }: BenchResult): ResultRow[] {
  const rows: ResultRow[] = []
  if (arrivals !== undefined) {
    const { expected, received, lost, duplicate, reordered, foreign } = arrivals
    const of = expected === undefined ? '' : ` of ${countText(expected)}`
    rows.push(['arrived', `${countText(received)}${of}`])
    for (const [name, count] of Object.entries({ lost, duplicate, reordered })) {
      if (count !== undefined) rows.push([name, countText(count)])
    }
    if (foreign > 0) rows.push(['foreign', countText(foreign)])
  }
  return [
    ...rows,
    ...latencyRow('response', response),
    ...latencyRow('service', service),
    ...latencyRow('to ack, response', acknowledged),
    ...latencyRow('to ack, service', acknowledgedService),
  ]
}

function latencyRow(name: string, figures: LatencyFigures | undefined): ResultRow[] {
  return figures === undefined || figures.count === 0 ? [] : [[name, latencyText(figures)]]
}

function latencyText(figures: LatencyFigures): string {
  const { p50Microseconds, p90Microseconds, p99Microseconds, p99_9Microseconds, maxMicroseconds } = figures
  return [
    `p50 ${durationText(p50Microseconds)}`,
    `p90 ${durationText(p90Microseconds)}`,
    `p99 ${durationText(p99Microseconds)}`,
    `p99.9 ${durationText(p99_9Microseconds)}`,
    `max ${durationText(maxMicroseconds)}`,
  ].join('  ')
}

function connectRows({ attempted, connected, refused, lost, perSecond, times }: ConnectFigures): ResultRow[] {
  return [
    [
      'connections',
      `${countText(connected)} of ${countText(attempted)}${perSecond > 0 ? `, ${rateText(perSecond)}` : ''}`,
    ],
    ...latencyRow('connect time', times),
    ...reasonRows('refused', refused),
    ...reasonRows('disconnected', lost),
  ]
}

function idleRows(idle: IdleFigures | undefined): ResultRow[] {
  if (idle === undefined) return []
  const { connections, held, heldSeconds, residentBytesEach, storms } = idle
  const rows: ResultRow[] = [
    ['held', `${countText(held)} of ${countText(connections)} for ${heldSeconds.toFixed(1)} s`],
  ]
  if (residentBytesEach !== undefined) rows.push(['memory', `${bytesText(residentBytesEach)} each, beyond the first`])
  for (const { reconnected, seconds, times, failed } of storms) {
    rows.push([
      'storm',
      `${countText(reconnected)} back in ${seconds.toFixed(2)} s, ${rateText(reconnected / seconds)}`,
    ])
    rows.push(...latencyRow('', times), ...reasonRows('refused', failed))
  }
  return rows
}

function reasonRows(name: string, reasons: Reasons): ResultRow[] {
  return Object.entries(reasons).map(([reason, count]) => [name, `${countText(count)} × ${reason}`])
}

function workerRows({ workers, busiestWorkerCpu }: BenchResult['generator']): ResultRow[] {
  if (busiestWorkerCpu === undefined) return []
  return [['workers', `${workers}, the busiest at ${percentText(busiestWorkerCpu)} of a core`]]
}

function generatorRows({ generator }: BenchResult): ResultRow[] {
  const { cpu, cpuMicrosecondsPerMessage, residentBytes, loopDelay, sendDelay, floor } = generator
  const perMessage = cpuMicrosecondsPerMessage > 0 ? `, ${cpuMicrosecondsPerMessage.toFixed(2)} µs a message` : ''
  return [
    ['generator', `cpu ${percentText(cpu)} of a core${perMessage}, ${bytesText(residentBytes)}`],
    ...workerRows(generator),
    ...latencyRow('event loop', loopDelay),
    ...latencyRow('send delay', sendDelay),
    ...latencyRow('floor', floor),
  ]
}
