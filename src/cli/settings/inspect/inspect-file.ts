import type { InspectFileSettings } from '../../../features/inspect/file/settings.ts'
import type { FlagValues } from '../../flags/flag.ts'
import type { inspectFileFlags } from '../../flags/inspect-file.ts'
import { usageError } from '../../usage-error.ts'
import { captureAddress } from '../../values/inspect/capture-address.ts'
import { asked, type Input, isTyped, readList } from '../input.ts'
import { type ViewSettings, viewSettings } from './inspect-view.ts'

type FileInput = Input<FlagValues<typeof inspectFileFlags>>

interface InspectFileCommandSettings extends Omit<ViewSettings, 'view'> {
  /** `-` is standard input. */
  readonly path: string
  readonly view: ViewSettings['view'] | 'none'
  readonly file: InspectFileSettings
}

export function inspectFileSettingsFrom(input: FileInput): InspectFileCommandSettings {
  const [path, ...more] = input.words
  if (path === undefined) throw usageError('which capture file is to be read?', 'name it, or give - for standard input')
  if (more.length > 0) {
    throw usageError(
      `inspect file reads one capture: ${JSON.stringify(more[0])}`,
      'join captures by mergecap, and read that',
    )
  }
  const { view, ...shown } = shownAs(input)
  const keyLogPath = input.flags['keylog-file']
  const file: InspectFileSettings = {
    ...(keyLogPath !== undefined && { keyLogPath }),
    filter: shown.filter,
    addresses: readList(input, 'address', captureAddress),
    gathersExchanges: view === 'sequence',
  }
  return { ...shown, path, view, file }
}

/** `--stats` and `--view none` show the account alone. */
function shownAs(input: FileInput) {
  const isStats = input.flags.stats === true
  if (isStats && isTyped(input, 'stats') && isTyped(input, 'view')) {
    throw usageError('--stats shows no packets, and --view says how they are drawn', 'leave one of them out')
  }
  const isNone = isStats || input.flags.view === 'none'
  const settings = viewSettings(isNone ? { ...input, flags: { ...input.flags, view: 'line' } } : input)
  const isDrawn = settings.view === 'json' || !isNone || (!isStats && asked(input, ['view']).length === 0)
  return { ...settings, view: isDrawn ? settings.view : ('none' as const) }
}
