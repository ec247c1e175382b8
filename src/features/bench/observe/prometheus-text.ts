/** A name, labels with whatever in quotes, a value. */
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)/

/** The samples of a Prometheus or OpenMetrics text whose names are wanted; those of several label sets are added up. */
export function samplesIn(text: string, isWanted: (name: string) => boolean): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue
    const [, name = '', value = ''] = sampleLine.exec(line) ?? []
    if (name === '' || !isWanted(name) || !Number.isFinite(Number(value))) continue
    samples.set(name, (samples.get(name) ?? 0) + Number(value))
  }
  return samples
}
