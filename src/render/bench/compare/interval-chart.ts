import type { Comparison, QuantityComparison } from '../../../features/bench/compare/comparison.ts'
import { changeText } from './comparison-lines.ts'

const [width, rowHeight, left, right] = [640, 30, 110, 36]
/** What lies further out is drawn at the edge. */
const most = 4

/** Every quantity's change with its interval on one scale, against the band that is no matter: drawn, with no script. */
export function intervalChart({ metrics, maxRegression }: Comparison): string {
  const quantities = metrics.filter((each) => each.kind === 'quantity')
  if (quantities.length === 0) return ''
  const reach = reachOf(quantities, maxRegression)
  const x = (ratio: number) => {
    const share = Math.max(-1, Math.min(1, Math.log(ratio) / Math.log(reach)))
    return left + ((share + 1) / 2) * (width - left - right)
  }
  const height = quantities.length * rowHeight + 34
  const band = [1 / (1 + maxRegression), 1 + maxRegression] as const
  const marks = [1 / reach, 1 / Math.sqrt(reach), 1, Math.sqrt(reach), reach]
  return [
    `<svg id="intervals" viewBox="0 0 ${width} ${height}" role="img" aria-label="Change of each metric, with its interval of 95 %">`,
    `<rect class="band" x="${x(band[0]).toFixed(1)}" y="0" width="${Math.max(1, x(band[1]) - x(band[0])).toFixed(1)}" height="${height - 24}"/>`,
    ...marks.map((ratio) => tick(x(ratio), changeText(ratio), height)),
    ...quantities.map((each, index) => interval(each, index * rowHeight + rowHeight / 2 + 4, x)),
    '</svg>',
  ].join('')
}

function reachOf(quantities: readonly QuantityComparison[], maxRegression: number): number {
  const ends = quantities.flatMap(({ interval: { low, high } }) => [1 / low, high])
  return Math.min(most, Math.max(1 + 2 * maxRegression, 1.05, ...ends.map((end) => end * 1.05)))
}

function tick(at: number, text: string, height: number): string {
  const place = at.toFixed(1)
  return `<line class="grid" x1="${place}" x2="${place}" y1="0" y2="${height - 24}"/><text class="tick" x="${place}" y="${height - 6}">${text}</text>`
}

function interval(
  { metric, interval: { low, high }, ratio, verdict }: QuantityComparison,
  y: number,
  x: (ratio: number) => number,
): string {
  const line = `<line class="interval ${verdict}" x1="${x(low).toFixed(1)}" x2="${x(high).toFixed(1)}" y1="${y}" y2="${y}"/>`
  return `<text class="name" x="0" y="${y + 4}">${metric}</text>${line}<circle class="${verdict}" cx="${x(ratio).toFixed(1)}" cy="${y}" r="5"/>`
}
