import { median } from 'simple-statistics'
import { decodedRun } from '../compare/decoded-run.ts'
import { type ComparedMetric, comparedMetrics } from '../compare/metrics.ts'
import { isResult } from '../compare/results-of.ts'
import type { BenchResult } from '../events.ts'
import { isTainted } from '../fingerprint.ts'
import { folderRecords } from './folder-records.ts'
import type { BenchHistory, HistoryLoad, HistoryMetric, HistoryRun, LoadHistory } from './history.ts'
import { trendOf } from './trend.ts'

/** A run, with what is looked at of it: results themselves are too large to be kept by the thousand. */
interface KeptRun extends HistoryRun {
  readonly values: readonly (number | undefined)[]
}

interface KeptLoad {
  readonly load: HistoryLoad
  kept: number
  runs: KeptRun[]
}

const significant = 0.05

/** The last so many results of each load that a folder holds, in the order in which they were run. */
export async function readHistory(folder: string, last: number, signal: AbortSignal): Promise<BenchHistory> {
  const loads = new Map<string, KeptLoad>()
  const skipped: { place: string; problem: string }[] = []
  for await (const record of folderRecords(folder, signal)) {
    if ('problem' in record) skipped.push(record)
    else if (isResult(record.value)) add(loads, record.value, last)
    else if (!isOfOurs(record.value)) skipped.push({ place: record.place, problem: 'it is no result of a load' })
  }
  return { v: 1, type: 'bench-history', loads: [...loads.values()].map(historyOf), skipped }
}

/** What else bench keeps beside its results. */
function isOfOurs(value: unknown): boolean {
  const { type } = (value ?? {}) as { readonly type?: unknown }
  return typeof type === 'string' && type.startsWith('bench-')
}

/** Files lie in the order of their names, and runs of two at once do not: the newest are found by their own time. */
function add(loads: Map<string, KeptLoad>, result: BenchResult, last: number): void {
  const load = loadOf(result)
  const key = JSON.stringify(load)
  const found = loads.get(key) ?? { load, kept: 0, runs: [] }
  loads.set(key, found)
  found.kept += 1
  found.runs.push(keptRun(result))
  found.runs.sort((one, other) => (one.startedAt < other.startedAt ? -1 : one.startedAt > other.startedAt ? 1 : 0))
  if (found.runs.length > last) found.runs.shift()
}

function loadOf(result: BenchResult): HistoryLoad {
  const { mode, load, target, mqttVersion, qos, publishers, subscribers, payloadBytes, rates, idle, fingerprint } =
    result
  return {
    mode,
    load,
    target,
    ...(mqttVersion !== undefined && { mqttVersion }),
    qos,
    publishers,
    subscribers,
    payloadBytes,
    ...(rates.asked !== undefined && { askedPerSecond: rates.asked }),
    ...(idle && { connections: idle.connections }),
    ...(fingerprint && { machine: fingerprint.machine }),
  }
}

/** What is not valid is not the broker's: its figures are no part of a course. */
function keptRun(result: BenchResult): KeptRun {
  const { runId, startedAt, verdict } = result
  const run = decodedRun({ result, start: runId })
  const values = comparedMetrics.map((metric) => (verdict.isValid ? metric.of(run) : undefined))
  return { runId, startedAt, isValid: verdict.isValid, isTainted: isTainted(result), values }
}

function historyOf({ load, kept, runs }: KeptLoad): LoadHistory {
  const metrics = comparedMetrics.flatMap((metric, index) =>
    metricHistory(
      metric,
      runs.map(({ values }) => values[index]),
    ),
  )
  return { load, kept, runs: runs.map(({ values: _, ...run }) => run), metrics }
}

function metricHistory(metric: ComparedMetric, values: readonly (number | undefined)[]): readonly HistoryMetric[] {
  const measured = values.filter((value) => value !== undefined)
  const latest = measured.at(-1)
  if (latest === undefined) return []
  const { name, unit, direction, kind } = metric
  const trend = kind === 'quantity' ? trendOf(measured) : undefined
  return [
    {
      metric: name,
      unit,
      direction,
      kind,
      values: values.map((value) => value ?? null),
      latest,
      median: median(measured),
      ...(trend && { trend }),
      verdict: kind === 'count' ? countVerdict(measured) : trendVerdict(metric, trend),
    },
  ]
}

function countVerdict(values: readonly number[]): HistoryMetric['verdict'] {
  return values.some((value) => value > 0) ? 'some' : 'none'
}

function trendVerdict({ direction }: ComparedMetric, trend: HistoryMetric['trend']): HistoryMetric['verdict'] {
  if (trend === undefined) return 'too few runs'
  if (trend.probability > significant || trend.change === 0) return 'no trend'
  return trend.change > 0 === (direction === 'higher is better') ? 'better' : 'worse'
}
