import type { BenchResult, SubscriberFigures } from '../../features/bench/events.ts'
import { escapeXml } from './escape-xml.ts'
import { countText, durationText } from './figures.ts'

/** A page has room for so many of each kind. */
const mostShown = 20

type Shown = SubscriberFigures & {
  readonly what: string
  readonly firstLoss?: { readonly second: number; readonly backlog: number }
}

/** Those that are slow on purpose, and the slowest of the others: who got what, and where the broker began to drop. */
export function subscriberSection({ perSubscriber, slow }: BenchResult): string {
  const slowOnes = (slow?.each ?? []).map((each): Shown => ({ ...each, what: 'slow on purpose' }))
  const others = [...(perSubscriber?.each ?? [])]
    .sort((a, b) => (b.p99Microseconds ?? 0) - (a.p99Microseconds ?? 0))
    .map((each): Shown => ({ ...each, what: '' }))
  const shown = [...slowOnes.slice(0, mostShown), ...others.slice(0, mostShown)]
  if (shown.length === 0) return ''
  const head = ['subscriber', '', 'received', 'lost', 'late', 'p50', 'p99', 'first loss']
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeXml(text)}</${tag}>`).join('')}</tr>`
  const rows = shown.map((each) => line('td', cellsOf(each)))
  const left = slowOnes.length + others.length - shown.length
  const more = left > 0 ? `, and ${countText(left)} more` : ''
  const table = `<div class="wide"><table id="subscribers">${line('th', head)}${rows.join('')}</table></div>`
  return `<section><h2>Subscribers <small>the slowest first${more}</small></h2>${table}</section>`
}

function cellsOf({
  subscriber,
  what,
  received,
  expected,
  lost,
  lateToArrive,
  p50Microseconds,
  p99Microseconds,
  firstLoss,
}: Shown): string[] {
  return [
    String(subscriber),
    what,
    `${countText(received)}${expected === undefined ? '' : ` of ${countText(expected)}`}`,
    lost === undefined ? '' : countText(lost),
    lateToArrive === undefined ? '' : countText(lateToArrive),
    durationText(p50Microseconds),
    durationText(p99Microseconds),
    firstLoss === undefined ? '' : `at ${firstLoss.second.toFixed(1)} s, ${countText(firstLoss.backlog)} waiting`,
  ]
}
