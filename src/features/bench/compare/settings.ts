/** What results are compared by. */
export type ComparedMetricName =
  | 'throughput'
  | 'connect.rate'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'p99.9'
  | 'lost'
  | 'duplicate'
  | 'refused'

/** What fails: metrics that are worse, or also those that are unclear. */
export type Gate = 'worse' | 'strict'

export interface ComparisonSettings {
  /** Run i of one side was measured beside run i of the other. */
  readonly isPaired: boolean
  /** How much worse is no matter: 0.05 is 5 %. */
  readonly maxRegression: number
  /** Only these decide; undefined: all that were measured. */
  readonly gated?: readonly ComparedMetricName[]
}
