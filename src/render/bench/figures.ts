/** `1,234,567`. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** Three digits that matter, and the unit that suits: `812 µs`, `20.1 ms`, `1.26 s`. */
export function durationText(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`
  if (microseconds < 1_000_000) return `${digits(microseconds / 1000)} ms`
  return `${digits(microseconds / 1_000_000)} s`
}

export function rateText(perSecond: number): string {
  return perSecond < 100 ? `${digits(perSecond)}/s` : `${countText(perSecond)}/s`
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`
  if (bytes < 1e6) return `${digits(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${digits(bytes / 1e6)} MB` : `${digits(bytes / 1e9)} GB`
}

export function percentText(share: number): string {
  return `${digits(share * 100)} %`
}

function digits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
