import type { LoadHistory } from '../../../features/bench/history/history.ts'

/** The runs of a load as Apache Otava reads them: a header, and a line for each; every cell of a metric is a number. */
export function otavaCsv({ runs, metrics }: LoadHistory): string {
  const valid = runs.flatMap(({ isValid }, index) => (isValid ? [index] : []))
  const measured = metrics.filter(({ values }) => valid.every((index) => values[index] !== null))
  const head = ['time', 'run', ...measured.map(({ metric }) => metric.replace('.', '_'))]
  const lines = valid.map((index) => {
    const { startedAt = '', runId = '' } = runs[index] ?? {}
    return [timeText(startedAt), runId, ...measured.map(({ values }) => String(values[index]))]
  })
  return [head, ...lines].map((cells) => `${cells.join(',')}\n`).join('')
}

/** `2026-01-02 03:04:05 +0000`. */
function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} +0000`
}
