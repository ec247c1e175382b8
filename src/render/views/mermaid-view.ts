import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { escapeForTerminal } from '../escape.ts'
import { createTheme } from '../theme.ts'
import { eventText } from '../trace-line.ts'
import { joinLines, type View, type ViewStyle } from './view.ts'
import { answerText } from './violation-lines.ts'

const plain = createTheme(false)
/** What Mermaid would read as its own. */
const special = /[#;<>{}%]/g
const mostCharacters = 300

/** A sequence diagram in Mermaid's language, valid however much of it has been written. */
export function mermaidView(style: ViewStyle): View {
  const known = new Set<number>()
  return {
    heading: 'sequenceDiagram\n    participant S as broker\n',
    draw: (finding) => {
      if (finding.finding !== 'packet') return ''
      const { connection } = finding.packet
      const isNew = !known.has(connection)
      known.add(connection)
      const participant = isNew ? [`    participant C${connection} as client ${connection}`] : []
      return joinLines([...participant, ...arrowLines(finding.packet, style)])
    },
  }
}

function arrowLines(packet: InspectedPacket, style: ViewStyle): readonly string[] {
  const client = `C${packet.connection}`
  const arrow = packet.sender === 'client' ? `${client}->>S` : `S->>${client}`
  const time = style.isTimed ? ` (${packet.atMicroseconds} µs)` : ''
  const text = eventText({ ...packet, connection: 1 }, plain, style.isTimed).replace(/^ [→←] /, '')
  const broken = packet.violations.map(
    (violation) =>
      `    Note over ${client},S: ${mermaidText(`byte ${violation.offset} breaks ${violation.rule}: ${violation.message}, ${answerText(violation)}`)}`,
  )
  return [`    ${arrow}: ${mermaidText(`${text}${time}`)}`, ...broken]
}

/** On one line, with Mermaid's own characters as its entities. */
function mermaidText(text: string): string {
  const line = escapeForTerminal(text).replace(/\s+/g, ' ')
  const cut = line.length > mostCharacters ? `${[...line].slice(0, mostCharacters).join('')}…` : line
  return cut.replace(special, (character) => `#${character.charCodeAt(0)};`)
}
