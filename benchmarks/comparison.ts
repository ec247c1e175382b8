import type { Bench } from './bench.ts'
import type { Section } from './section.ts'

/** One idea of what is compared, and with whom. Its name is what `--only` takes, and its place in the report. */
export interface Comparison {
  readonly name: string
  run(bench: Bench): Promise<Section>
}
