import type { ExportFormat } from '../../../features/bench/history/settings.ts'
import { usageError } from '../../usage-error.ts'

const formats: readonly ExportFormat[] = ['benchmark-action', 'bencher', 'otava-csv', 'openmetrics']

export function exportFormat(text: string, flag: string): ExportFormat {
  const found = formats.find((format) => format === text)
  if (found !== undefined) return found
  throw usageError(`${flag} knows no format ${JSON.stringify(text)}`, `give one of ${formats.join(', ')}`)
}
