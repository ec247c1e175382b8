/** What a group may wait for in another one. */
export type Milestone = 'connected' | 'measuring' | 'draining' | 'ended'

/** A barrier: this group begins when another one has come so far, and then so long after it. */
export interface Barrier {
  readonly group: string
  readonly milestone: Milestone
}
