/** A table of the report: what one comparison found. */
export interface Section {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows whose target was missed. */
  readonly missed: readonly string[]
}

/** What a figure is held against; smaller is better. */
export interface Target {
  readonly atMost: number
  readonly stretch: number
}

export type Verdict = 'stretch' | 'met' | 'MISSED'

export function verdictOf(value: number, { atMost, stretch }: Target): Verdict {
  if (value <= stretch) return 'stretch'
  return value <= atMost ? 'met' : 'MISSED'
}

/** Microseconds. */
export function us(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1)
}

/** Megabytes of a million bytes, as the kernel's kB are not. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`
}

export function thousands(count: number): string {
  return Math.round(count).toLocaleString('en')
}
