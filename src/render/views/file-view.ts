import type { CaptureEvent } from '../../features/inspect/file/events.ts'
import { escapeForTerminal } from '../escape.ts'
import { jsonText } from '../json-text.ts'
import type { JsonRecord } from '../packet-record.ts'
import type { Theme } from '../theme.ts'
import { ToldSecrets } from '../told-secrets.ts'
import { captureTotalsLines } from './capture-totals-text.ts'
import { findingRecord } from './inspect-record.ts'
import { plainView, type ViewName } from './inspect-view.ts'
import { clientSummaryText, marked } from './of-client.ts'
import { renumberFinding } from './renumber-finding.ts'
import { joinLines, type ViewStyle } from './view.ts'

/** A way to draw what a capture file tells. Text is whole lines with their ends, or '' for what it has no picture of. */
interface FileView {
  readonly heading: string
  draw(event: CaptureEvent): string
}

/** As `inspect proxy` draws clients: each line behind the number of its client, in its colour. */
export function fileView(name: ViewName | 'json' | 'none', style: ViewStyle): FileView {
  const view =
    name === 'json' ? jsonFileView(style) : name === 'mermaid' ? mermaidFileView(style) : plainFileView(name, style)
  if (style.showSecrets || name === 'none') return view
  const told = new ToldSecrets(undefined)
  const concealed = (event: CaptureEvent): CaptureEvent =>
    event.event === 'finding' ? { ...event, finding: told.conceal(event.finding, event.connection) } : event
  return { heading: view.heading, draw: (event) => view.draw(concealed(event)) }
}

function plainFileView(name: ViewName | 'none', style: ViewStyle): FileView {
  const { theme } = style
  const picture = name === 'none' ? undefined : plainView(name, style)
  const showsOpening = name === 'tree' || name === 'hex'
  return {
    heading: '',
    draw: (event) => {
      switch (event.event) {
        case 'finding':
          if (event.finding.finding === 'opening' && !showsOpening) return ''
          return marked(picture?.draw(renumberFinding(event)) ?? '', event.client, theme)
        case 'summary':
          return clientSummaryText(event.of, plainView('line', style), theme)
        case 'uncounted':
          return `and ${event.clients} clients more, not counted one by one\n`
        case 'capture':
          return joinLines(captureTotalsLines(event.totals, theme))
        case 'opened':
          return picture === undefined ? '' : marked(`${openedText(event, theme)}\n`, event.connection, theme)
        default:
          return picture === undefined ? '' : marked(`${eventText(event, theme)}\n`, event.client, theme)
      }
    },
  }
}

function mermaidFileView(style: ViewStyle): FileView {
  const picture = plainView('mermaid', style)
  const lines = plainFileView('none', style)
  return {
    heading: picture.heading,
    draw: (event) => {
      if (event.event !== 'finding') return lines.draw(event).replace(/^(?=.)/gm, '%% ')
      if (event.finding.finding !== 'packet') return picture.draw(event.finding)
      return picture.draw({ finding: 'packet', packet: { ...event.finding.packet, fields: [] } })
    },
  }
}

function jsonFileView(style: ViewStyle): FileView {
  return {
    heading: '',
    draw: (event) => {
      const record = fileRecord(event, style)
      return record === undefined ? '' : `${jsonText(record)}\n`
    },
  }
}

/** As `docs/schemas/inspect-file.schema.json` describes it. */
function fileRecord(event: CaptureEvent, style: ViewStyle): JsonRecord | undefined {
  switch (event.event) {
    case 'finding': {
      const record = findingRecord(event.finding, style)
      return record === undefined ? undefined : Object.assign(record, { client: event.client })
    }
    case 'summary': {
      const { summary, ...of } = event.of
      return { v: 1, type: 'summary', ...of, ...summary }
    }
    case 'capture':
      return { v: 1, type: 'capture', ...event.totals }
    default: {
      const { event: type, ...fields } = event
      return { v: 1, type, ...fields }
    }
  }
}

type Event<Name extends CaptureEvent['event']> = Extract<CaptureEvent, { readonly event: Name }>

function openedText({ remote, server, carriers, hasBeginning }: Event<'opened'>, theme: Theme): string {
  const over = carriers.length === 0 ? '' : ` over ${carriers.join(', ')}`
  const late = hasBeginning ? '' : '; it began before the capture'
  return theme.muted(`${remote} to ${server}${over}${late}`)
}

function eventText(event: Event<'missing' | 'closed'>, theme: Theme): string {
  if (event.event === 'closed') {
    const how = event.isAbrupt ? 'reset' : 'ended'
    return theme.muted(`${how}, ${event.clientBytes} B → ← ${event.serverBytes} B`)
  }
  const skipped = event.skippedBytes === 0 ? '' : `, and ${event.skippedBytes} B after it belong to no whole packet`
  return theme.warning(escapeForTerminal(`not everything that the ${event.sender} sent is in the capture${skipped}`))
}
