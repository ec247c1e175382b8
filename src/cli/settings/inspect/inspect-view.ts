import { usageError } from '../../usage-error.ts'
import { type ViewFilter, viewFilter } from '../../values/inspect/view-filter.ts'
import { asked, type Input, isTyped, read, readList } from '../input.ts'

const views = ['line', 'tree', 'hex', 'sequence', 'mermaid'] as const
type ViewChoice = (typeof views)[number] | 'json'

/** How findings are shown, and which. */
export interface ViewSettings {
  readonly view: ViewChoice
  readonly filter: ViewFilter
  readonly showSecrets: boolean
}

interface ViewFlagValues {
  readonly view?: string
  readonly json?: boolean
  readonly filter?: readonly string[]
  readonly 'show-secrets'?: boolean
}

export function viewSettings(input: Input<ViewFlagValues>): ViewSettings {
  const view = read(input, 'view', viewName)
  const shapes = asked(input, ['json', 'view'])
  if (shapes.length > 1 && isTyped(input, 'json') && isTyped(input, 'view')) {
    throw usageError('--json is for programs and --view for people', 'leave one of them out')
  }
  return {
    view: shapes.includes('json') ? 'json' : (view ?? 'line'),
    filter: viewFilter(readList(input, 'filter', (text) => text)),
    showSecrets: input.flags['show-secrets'] === true,
  }
}

function viewName(text: string, flag: string): ViewChoice {
  const view = views.find((known) => known === text)
  if (view !== undefined) return view
  throw usageError(`${flag} is not a view: ${JSON.stringify(text)}`, `give one of ${views.join(', ')}`)
}
