/** Something that is not the same in all runs that are compared. */
export interface Difference {
  /** `settings.qos`, `machine.cpu`, `broker.version`. */
  readonly what: string
  /** All values that the runs of a side have. */
  readonly base: readonly string[]
  readonly new: readonly string[]
}
