/** In place of a figure that nothing was there for. */
export const notMeasured = 'not measured'

/** `1,234,567`. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** Three digits that matter, and the unit that suits: `812 µs`, `20.1 ms`, `1.26 s`. */
export function durationText(microseconds: number | null): string {
  if (microseconds === null) return notMeasured
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`
  if (microseconds < 1_000_000) return `${decimalText(microseconds / 1000)} ms`
  return `${decimalText(microseconds / 1_000_000)} s`
}

export function rateText(perSecond: number | null): string {
  if (perSecond === null) return notMeasured
  return perSecond < 100 ? `${decimalText(perSecond)}/s` : `${countText(perSecond)}/s`
}

export function bytesText(bytes: number | null): string {
  if (bytes === null) return notMeasured
  if (bytes < 1000) return `${Math.round(bytes)} B`
  if (bytes < 1e6) return `${decimalText(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${decimalText(bytes / 1e6)} MB` : `${decimalText(bytes / 1e9)} GB`
}

export function percentText(fraction: number | null): string {
  if (fraction === null) return notMeasured
  return `${decimalText(fraction * 100)} %`
}

/** Three digits that matter: `0.21`, `12.3`, `123`. */
function decimalText(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
