import type { BenchResult, ConnectFigures, IdleFigures, Reasons } from '../../features/bench/events.ts'
import { disturbanceRows } from './disturbance-rows.ts'
import { bytesText, countText, durationText, notMeasured, percentText, rateText } from './figures.ts'
import { observedRows } from './observed-rows.ts'
import { shardRows } from './shard-rows.ts'
import { subscriberRows } from './subscriber-rows.ts'

type ResultRow = readonly [name: string, value: string]

/** The figures of a run in the order in which one reads them, for every view of them; times are in latency-table.ts. */
export function resultRows(result: BenchResult): ResultRow[] {
  return [
    ...shardRows(result),
    ...loadRows(result),
    ...messageRows(result),
    ...arrivalRows(result),
    ...subscriberRows(result),
    ...retainedRows(result),
    ...connectRows(result.connect),
    ...refusedRows(result),
    ...idleRows(result.idle),
    ...generatorRows(result),
    ...observedRows(result),
    ...disturbanceRows(result),
  ]
}

function loadRows({ rates, measuredSeconds }: BenchResult): ResultRow[] {
  const rows: ResultRow[] = [['measured', `${measuredSeconds.toFixed(1)} s`]]
  if (rates.asked !== undefined) rows.push(['asked', rateText(rates.asked)])
  if (rates.keptUp !== undefined) rows.push(['kept up with', rateText(rates.keptUp)])
  if (rates.sent !== undefined) rows.push(['sent', rateText(rates.sent)])
  if (rates.received !== undefined) rows.push(['received', rateText(rates.received)])
  if (rates.payloadBytes !== null && rates.payloadBytes > 0)
    rows.push(['payload', `${bytesText(rates.payloadBytes)}/s`])
  return rows
}

function messageRows({ messages, outstanding, qos }: BenchResult): ResultRow[] {
  if (messages === undefined) return []
  const { offered, sent, acked, unconfirmed, unsent, late } = messages
  const rows: ResultRow[] = [
    [
      'messages',
      `${countText(offered)} offered, ${countText(sent)} sent${qos > 0 ? `, ${countText(acked)} acked` : ''}`,
    ],
  ]
  if (outstanding !== undefined) rows.push(['outstanding', outstandingText(outstanding)])
  if (late > 0) rows.push(['late', countText(late)])
  if (unsent > 0) rows.push(['unsent', countText(unsent)])
  if (unconfirmed > 0) rows.push(['unconfirmed', countText(unconfirmed)])
  return rows
}

function outstandingText({ most, atEnd }: NonNullable<BenchResult['outstanding']>): string {
  return `at most ${countText(most)}, ${countText(atEnd)} at the end`
}

function arrivalRows({ arrivals }: BenchResult): ResultRow[] {
  if (arrivals === undefined) return []
  const {
    expected,
    received,
    lost,
    lostAcked,
    lateToArrive = 0,
    duplicate,
    reordered,
    ofWarmup,
    backlog = 0,
    foreign,
  } = arrivals
  const of = expected === undefined ? '' : ` of ${countText(expected)}`
  const rows: ResultRow[] = [['arrived', `${countText(received)}${of}`]]
  for (const [name, count] of Object.entries({ lost, duplicate, reordered })) {
    if (count !== undefined) rows.push([name, countText(count)])
  }
  if (lost !== undefined && lost > 0 && lostAcked !== undefined)
    rows.splice(2, 0, ['acked and lost', measureText(lostAcked)])
  if (lateToArrive > 0) rows.push(['late to arrive', countText(lateToArrive)])
  if (ofWarmup > 0) rows.push(['of the warm-up', countText(ofWarmup)])
  if (backlog > 0) rows.push(['backlog', countText(backlog)])
  return foreign > 0 ? [...rows, ['foreign', countText(foreign)]] : rows
}

function measureText(count: number | null): string {
  return count === null ? notMeasured : countText(count)
}

function retainedRows({ retained }: BenchResult): ResultRow[] {
  if (retained === undefined) return []
  const { topics, cleared, refused, left } = retained
  const gone =
    left === null
      ? 'the broker did not say whether they are gone'
      : left === 0
        ? 'none is left'
        : `${countText(left)} still there`
  const not = refused > 0 ? `, ${countText(refused)} refused` : ''
  return [['retained', `${countText(cleared)} of ${countText(topics)} cleared${not}; ${gone}`]]
}

function connectRows({ attempted, connected, lost, reconnected, outages, perSecond }: ConnectFigures): ResultRow[] {
  const rate = perSecond === null ? '' : `, ${rateText(perSecond)}`
  const rows: ResultRow[] = [
    ['connections', `${countText(connected)} of ${countText(attempted)}${rate}`],
    ...reasonRows('disconnected', lost),
  ]
  if (outages === undefined) return rows
  const { p50Microseconds, maxMicroseconds } = outages
  const away = `away p50 ${durationText(p50Microseconds)}, max ${durationText(maxMicroseconds)}`
  return [...rows, ['reconnected', `${countText(reconnected)}, ${away}`]]
}

function refusedRows({ connect, messages }: BenchResult): ResultRow[] {
  const rows = [
    ...reasonRows('failed here', connect.faults),
    ...reasonRows('refused clients', connect.refused),
    ...reasonRows('refused messages', messages?.refused ?? {}),
  ]
  return rows.length > 0 ? rows : [['refused', '0']]
}

function idleRows(idle: IdleFigures | undefined): ResultRow[] {
  if (idle === undefined) return []
  const { connections, held, heldSeconds, residentBytesEach, storms } = idle
  const rows: ResultRow[] = [
    ['held', `${countText(held)} of ${countText(connections)} for ${heldSeconds.toFixed(1)} s`],
  ]
  if (residentBytesEach !== undefined) rows.push(['memory', `${bytesText(residentBytesEach)} each, beyond the first`])
  for (const [index, { reconnected, seconds, failed }] of storms.entries()) {
    const back = `${countText(reconnected)} back in ${seconds.toFixed(2)} s, ${rateText(reconnected / seconds)}`
    rows.push([`storm ${index + 1}`, back], ...reasonRows('refused clients', failed))
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

function rulerRows(ruler: BenchResult['ruler']): ResultRow[] {
  if (ruler === undefined) return []
  const { before, after, drift } = ruler
  return [['ruler', `${rateText(before)} before, ${rateText(after)} after: ${percentText(drift)} apart`]]
}

function generatorRows({ generator, ruler }: BenchResult): ResultRow[] {
  const { cpu, cpuMicrosecondsPerMessage, residentBytes } = generator
  const perMessage = cpuMicrosecondsPerMessage === null ? '' : `, ${cpuMicrosecondsPerMessage.toFixed(2)} µs a message`
  return [
    [
      'generator',
      `cpu ${cpu === null ? notMeasured : `${percentText(cpu)} of a core`}${perMessage}, ${bytesText(residentBytes)}`,
    ],
    ...workerRows(generator),
    ...rulerRows(ruler),
  ]
}
