import type { Demand } from '../settings.ts'

/** What grows until the broker can no more. */
export type CeilingAxis = 'rate' | 'connections' | 'subscribers'

export type CeilingMode = 'pubsub' | 'pub' | 'conn' | 'fan-out'

/** How the most that a broker can do is looked for. */
export interface CeilingPlan {
  readonly mode: CeilingMode
  readonly axis: CeilingAxis
  /** Where looking begins: messages a second, connections, or subscribers. */
  readonly start: number
  /** Nothing beyond is tried. */
  readonly most: number
  /** What must be true of a window, all of it. */
  readonly demands: readonly Demand[]
  /** How long is measured while it looks. */
  readonly stepMs: number
  /** How long what was found must hold, and once more. */
  readonly holdMs: number
  /** So long a broker may take to come back to rest after what was too much. */
  readonly recoverMs: number
}
