import type { FirstMessage, Opening, OpeningStep } from '../../observation/opening.ts'
import type { Theme } from '../theme.ts'
import { connackLines } from './connack-text.ts'

const nameColumns = 'first message'.length
const barColumns = 32

/** How the connection came to stand, as a waterfall, and what CONNACK means. */
export function openingLines(opening: Opening, theme: Theme): readonly string[] {
  const total = opening.steps.at(-1)?.endMicroseconds ?? 0
  const head = opening.connection === 1 ? [] : [theme.heading(`connection ${opening.connection}`)]
  const waterfall = opening.steps.map((step) => stepLine(step, total, theme))
  return [...head, ...waterfall, '', ...withSpace(connackLines(opening, theme))]
}

/** The last row of the waterfall, when it comes. */
export function firstMessageLine({ atMicroseconds, elapsedMicroseconds }: FirstMessage, theme: Theme): string {
  return rowText('first message', ' '.repeat(barColumns), elapsedMicroseconds, atMicroseconds, theme)
}

function stepLine({ step, startMicroseconds, endMicroseconds }: OpeningStep, total: number, theme: Theme): string {
  const column = (at: number) => (total === 0 ? 0 : Math.round((at / total) * barColumns))
  const start = Math.min(column(startMicroseconds), barColumns - 1)
  const length = Math.max(1, column(endMicroseconds) - start)
  const bar = `${' '.repeat(start)}${'='.repeat(length)}`.padEnd(barColumns)
  return rowText(step, theme.accepted(bar), endMicroseconds - startMicroseconds, endMicroseconds, theme)
}

function rowText(name: string, bar: string, elapsed: number, at: number, theme: Theme): string {
  const times = `${milliseconds(elapsed)}  ${theme.muted(`at ${milliseconds(at)}`)}`
  return `${name.padEnd(nameColumns)} |${bar}| ${times}`
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(2).padStart(8)} ms`
}

function withSpace(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, '']
}
