import type { LoadHistory } from '../../../features/bench/history/history.ts'
import type { ExportFormat } from '../../../features/bench/history/settings.ts'
import { bencherText } from './bencher.ts'
import { benchmarkActionText } from './benchmark-action.ts'
import { openMetricsText } from './openmetrics.ts'
import { otavaCsv } from './otava-csv.ts'

/** Results in the words of a program that keeps them. Of `otava-csv` there is one load, which is the first. */
export function exportText(loads: readonly LoadHistory[], format: ExportFormat): string {
  const [first] = loads
  switch (format) {
    case 'benchmark-action':
      return benchmarkActionText(loads)
    case 'bencher':
      return bencherText(loads)
    case 'openmetrics':
      return openMetricsText(loads)
    case 'otava-csv':
      return first === undefined ? '' : otavaCsv(first)
  }
}
