/** Named facts; the names are those of the settings, or of what the system calls them. */
type Facts = Readonly<Record<string, string | number | boolean>>

/** What has to be the same for two results to be compared. */
export interface Fingerprint {
  readonly settings: Facts
  readonly machine: Facts
  /** As far as it could be learned: what it says in `$SYS`, and in CONNACK. */
  readonly broker: Facts
}

/** What this machine and this program do against a sink of their own, before a run and after it. */
export interface RulerFigures {
  readonly seconds: number
  /** Messages per second. */
  readonly before: number
  readonly after: number
  /** How far the second is from the first: 0.05 is 5 %. */
  readonly drift: number
}

/** From here on a run was made on a machine that changed meanwhile. */
export const mostRulerDrift = 0.05

/** Some of what such a run measured is not the broker's. */
export function isTainted({ ruler }: { readonly ruler?: RulerFigures }): boolean {
  return ruler !== undefined && ruler.drift > mostRulerDrift
}
