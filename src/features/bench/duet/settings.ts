/** A is what the other is held against. */
export type SideName = 'a' | 'b'
