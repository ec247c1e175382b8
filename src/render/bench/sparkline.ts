const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** Values as bars, from nothing to the highest; of more than fit, neighbours are averaged. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.length > width ? averaged(values, width) : values
  const highest = Math.max(...shown, 0)
  if (highest === 0) return bars[0].repeat(shown.length)
  return shown.map((value) => bars[Math.round((value / highest) * (bars.length - 1))] ?? bars[0]).join('')
}

/** The same from the lowest to the highest: what runs of one thing differ by is a small part of what they measure. */
export function courseOf(values: readonly number[], width: number): string {
  const shown = values.length > width ? averaged(values, width) : values
  const [lowest, highest] = [Math.min(...shown), Math.max(...shown)]
  if (highest === lowest) return bars[0].repeat(shown.length)
  const place = (value: number) => Math.round(((value - lowest) / (highest - lowest)) * (bars.length - 1))
  return shown.map((value) => bars[place(value)] ?? bars[0]).join('')
}

function averaged(values: readonly number[], width: number): readonly number[] {
  return Array.from({ length: width }, (_, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / width),
      Math.floor(((index + 1) * values.length) / width),
    )
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
}
