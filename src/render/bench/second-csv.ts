import type { BenchSecond } from '../../features/bench/events.ts'

type Column = readonly [name: string, of: (second: BenchSecond) => number | string | null | undefined]

const columns: readonly Column[] = [
  ['second', ({ second }) => second],
  ['phase', ({ phase }) => phase],
  ['offered', ({ offered }) => offered],
  ['sent', ({ sent }) => sent],
  ['acked', ({ acked }) => acked],
  ['received', ({ received }) => received],
  ['payload_bytes', ({ payloadBytes }) => payloadBytes],
  ['connected', ({ connected }) => connected],
  ['response_p50_us', ({ response }) => response?.p50Microseconds],
  ['response_p90_us', ({ response }) => response?.p90Microseconds],
  ['response_p99_us', ({ response }) => response?.p99Microseconds],
  ['response_max_us', ({ response }) => response?.maxMicroseconds],
  ['service_p50_us', ({ service }) => service?.p50Microseconds],
  ['service_p99_us', ({ service }) => service?.p99Microseconds],
  ['cpu', ({ cpu }) => cpu],
  ['loop_delay_max_us', ({ loopDelayMaxMicroseconds }) => loopDelayMaxMicroseconds],
  ['outstanding', ({ outstanding }) => outstanding],
  ['response_p95_us', ({ response }) => response?.p95Microseconds],
  ['service_p95_us', ({ service }) => service?.p95Microseconds],
  ['marks', ({ marks = [] }) => csvText(marks.join('; '))],
]

/** As RFC 4180 quotes it, on one line. */
function csvText(text: string): string {
  const line = text.replaceAll(/[\x00-\x1f\x7f]+/g, ' ')
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}

/** Behind the others, where there are sources: they are numbered in the order of the flags. */
function observedColumns(seconds: readonly BenchSecond[]): readonly Column[] {
  const sources = Math.max(0, ...seconds.map(({ observed = [] }) => observed.length))
  return Array.from({ length: sources }, (_, index): readonly Column[] => [
    [`broker_cpu_${index + 1}`, ({ observed }) => observed?.[index]?.cpu],
    [`broker_memory_bytes_${index + 1}`, ({ observed }) => observed?.[index]?.memoryBytes],
    [`broker_dropped_${index + 1}`, ({ observed }) => observed?.[index]?.dropped],
    [`broker_gap_${index + 1}`, ({ observed }) => csvText(observed?.[index]?.gap ?? '')],
  ]).flat()
}

/** A header and a line for each second; what was not measured is empty. */
export function secondsCsv(seconds: readonly BenchSecond[]): string {
  const all = [...columns, ...observedColumns(seconds)]
  const lines = seconds.map((second) => all.map(([, of]) => of(second) ?? '').join(','))
  return `${[all.map(([name]) => name).join(','), ...lines].join('\n')}\n`
}
