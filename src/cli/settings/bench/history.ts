import type { ExportFormat } from '../../../features/bench/history/settings.ts'
import type { historyFlags } from '../../flags/bench-history.ts'
import type { FlagValues } from '../../flags/flag.ts'
import { usageError } from '../../usage-error.ts'
import { exportFormat } from '../../values/bench/export-format.ts'
import { integer } from '../../values/integer.ts'
import { type Input, read } from '../input.ts'

interface HistoryCommandSettings {
  readonly folder: string
  readonly last: number
  readonly only?: string
  readonly format?: ExportFormat
  readonly json: boolean
}

const defaultLast = 20
const mostLast = 100_000

export function historySettingsFrom(input: Input<FlagValues<typeof historyFlags>>): HistoryCommandSettings {
  const { words, flags } = input
  const [folder, ...others] = words
  if (folder === undefined)
    throw usageError('there is no folder of results', 'bench history results, after bench --save results')
  if (others.length > 0) throw usageError('bench history reads one folder', 'leave out all words but one')
  const format = read(input, 'export', exportFormat)
  if (format !== undefined && flags.json === true) {
    throw usageError('--export and --json both say how results are printed', 'give one of them')
  }
  return {
    folder,
    last: read(input, 'last', (text, flag) => integer(text, flag, { minimum: 1, maximum: mostLast })) ?? defaultLast,
    ...(flags.only !== undefined && { only: flags.only }),
    ...(format && { format }),
    json: flags.json === true,
  }
}
