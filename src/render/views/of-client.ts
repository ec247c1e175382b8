import type { ClientSummary } from '../../observation/client-registry.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import type { View } from './view.ts'

/** `#3 ` before every line that is not empty. */
export function marked(text: string, client: number, { spans }: Theme): string {
  if (text === '') return ''
  const paint = spans[(client - 1) % spans.length] ?? spans[0]
  return text.replace(/^(?=.)/gm, `${paint(`#${client}`)} `)
}

/** The summary of one client, under its name. */
export function clientSummaryText(
  { client, clientId, connections, summary }: ClientSummary,
  picture: View,
  theme: Theme,
): string {
  const name = clientId === undefined ? '' : ` ${escapeForTerminal(clientId)}`
  const count = connections === 1 ? '' : `, ${connections} connections`
  const drawn = picture.draw({ finding: 'summary', summary })
  return drawn.replace('Summary', () => `Summary of #${client}${name}${count}`) || theme.muted('nothing passed\n')
}
