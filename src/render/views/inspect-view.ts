import type { Finding } from '../../observation/finding.ts'
import { createTheme } from '../theme.ts'
import { ToldSecrets } from '../told-secrets.ts'
import { hexPicture } from './hex-view.ts'
import { jsonView } from './inspect-record.ts'
import { linePicture } from './line-view.ts'
import { mermaidView } from './mermaid-view.ts'
import { firstMessageLine, openingLines } from './opening-text.ts'
import { sequenceView } from './sequence-view.ts'
import { summaryLines } from './summary-text.ts'
import { treePicture } from './tree-view.ts'
import { joinLines, packetView, type View, type ViewStyle } from './view.ts'

export type ViewName = 'line' | 'tree' | 'hex' | 'sequence' | 'mermaid'

const views: Readonly<Record<ViewName, (style: ViewStyle) => View>> = {
  line: (style) => packetView(linePicture, style),
  tree: (style) => packetView(treePicture, style),
  hex: (style) => packetView(hexPicture, style),
  sequence: sequenceView,
  mermaid: mermaidView,
}

/** The packets as the view draws them, and in every view how the connection opened and the summary. */
export function inspectView(name: ViewName | 'json', style: ViewStyle): View {
  const view = plainView(name, style)
  if (style.showSecrets) return view
  const told = new ToldSecrets(style.concealer)
  return { heading: view.heading, draw: (finding) => view.draw(told.conceal(finding)) }
}

/** The same of findings whose secrets are concealed already. */
export function plainView(name: ViewName | 'json', asked: ViewStyle): View {
  if (name === 'json') return jsonView(asked)
  const isMermaid = name === 'mermaid' // a text for another program
  const style = isMermaid ? { ...asked, theme: createTheme(false) } : asked
  const view = views[name](style)
  return {
    heading: view.heading,
    draw: (finding) => {
      const around = aroundLines(finding, style)
      const lines = isMermaid ? around.map((line) => `%% ${line}`.trimEnd()) : around
      return `${joinLines(lines)}${view.draw(finding)}`
    },
  }
}

function aroundLines(finding: Finding, { theme }: ViewStyle): readonly string[] {
  if (finding.finding === 'opening') return openingLines(finding.opening, theme)
  if (finding.finding === 'first-message') return [firstMessageLine(finding.message, theme)]
  return finding.finding === 'summary' ? summaryLines(finding.summary, theme) : []
}
