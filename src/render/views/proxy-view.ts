import type { ProxyEvent } from '../../features/proxy/events.ts'
import { escapeForTerminal } from '../escape.ts'
import { jsonText } from '../json-text.ts'
import type { Theme } from '../theme.ts'
import { ToldSecrets } from '../told-secrets.ts'
import { faultTable, faultText } from './fault-done-text.ts'
import { plainView, type ViewName } from './inspect-view.ts'
import { clientSummaryText, marked } from './of-client.ts'
import { proxyRecord } from './proxy-record.ts'
import { renumberFinding } from './renumber-finding.ts'
import type { ViewStyle } from './view.ts'

/** A way to draw what a proxy tells. Text is whole lines with their ends, or '' for what the view has no picture of. */
export interface ProxyView {
  readonly heading: string
  draw(event: ProxyEvent): string
}

/** Packets as the view of `inspect` draws them, each line behind the number of its client, in its colour. */
export function proxyView(name: ViewName | 'json' | 'none', style: ViewStyle): ProxyView {
  const view = plainProxyView(name, style)
  if (style.showSecrets || name === 'none') return view
  const told = new ToldSecrets(undefined)
  const concealed = (event: ProxyEvent): ProxyEvent =>
    event.event === 'finding' ? { ...event, finding: told.conceal(event.finding, event.connection) } : event
  return { heading: view.heading, draw: (event) => view.draw(concealed(event)) }
}

function plainProxyView(name: ViewName | 'json' | 'none', style: ViewStyle): ProxyView {
  if (name === 'json') return jsonProxyView(style)
  if (name === 'mermaid') return mermaidProxyView(style)
  const picture = name === 'none' ? undefined : plainView(name, style)
  const showsOpening = name === 'tree' || name === 'hex'
  return {
    heading: '',
    draw: (event) => {
      switch (event.event) {
        case 'finding':
          if (event.finding.finding === 'opening' && !showsOpening) return ''
          return marked(picture?.draw(renumberFinding(event)) ?? '', event.client, style.theme)
        case 'summary':
          return clientSummaryText(event.of, plainView('line', style), style.theme)
        case 'listening':
        case 'rejected':
        case 'uncounted':
        case 'faults':
          return `${eventText(event, style.theme)}\n`
        case 'unreachable':
          return marked(`${eventText(event, style.theme)}\n`, event.connection, style.theme)
        default: {
          if (name === 'none') return ''
          const client = 'client' in event ? event.client : event.connection
          return marked(`${eventText(event, style.theme)}\n`, client, style.theme)
        }
      }
    },
  }
}

/** One object a line: findings as `inspect --json` has them with the number of their client, and what a proxy adds. */
function jsonProxyView(style: ViewStyle): ProxyView {
  return {
    heading: '',
    draw: (event) => {
      const record = proxyRecord(event, style)
      return record === undefined ? '' : `${jsonText(record)}\n`
    },
  }
}

/** A text for another program: what is no packet stands in its comments. */
function mermaidProxyView(style: ViewStyle): ProxyView {
  const picture = plainView('mermaid', style)
  const lines = plainProxyView('none', style)
  return {
    heading: picture.heading,
    draw: (event) => {
      if (event.event !== 'finding') return comment(lines.draw(event))
      if (event.finding.finding !== 'packet') return picture.draw(event.finding)
      return picture.draw({ finding: 'packet', packet: { ...event.finding.packet, fields: [] } })
    },
  }
}

function comment(text: string): string {
  return text.replace(/^(?=.)/gm, '%% ')
}

type Line = Exclude<ProxyEvent, { readonly event: 'finding' | 'summary' }>

function eventText(event: Line, theme: Theme): string {
  switch (event.event) {
    case 'listening':
      return `${event.url} → ${event.to}`
    case 'rejected':
      return theme.refused(`no connection from ${event.remote}: ${escapeForTerminal(event.reason)}`)
    case 'opened':
      return theme.muted(`opened from ${event.remote}, ${event.upstream} reached in ${event.elapsedMicroseconds} µs`)
    case 'unreachable':
      return theme.refused(`closed ${event.remote}: ${escapeForTerminal(event.error.message)}`)
    case 'fault':
      return theme.warning(faultText(event.done))
    case 'closed': {
      const how = event.isAbrupt ? 'broken off' : 'closed'
      return theme.muted(`${how} by the ${event.by}, ${event.clientBytes} B → ← ${event.serverBytes} B`)
    }
    case 'uncounted':
      return theme.muted(`and ${event.clients} clients more, not counted one by one`)
    case 'faults':
      return faultTable(event.faults, theme)
  }
}
