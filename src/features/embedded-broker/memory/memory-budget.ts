/**
 * What the broker may hold in memory for its clients, all of them together: messages that wait, retained messages,
 * filters, sessions and wills. Ask `hasRoom` first, then tell it what was taken.
 */
export class MemoryBudget {
  readonly limitBytes: number
  #heldBytes = 0
  #holders = 1

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** How many may ask for their share of what is kept in reserve. */
  set holders(count: number) {
    this.#holders = Math.max(1, count)
  }

  /**
   * Whether so many bytes more may be held for somebody who holds `ownBytes`. When it is full, those who hold
   * next to nothing still get a little: one client's state must not keep another from working.
   */
  hasRoom(bytes: number, ownBytes: number): boolean {
    if (this.#heldBytes + bytes <= this.limitBytes * storedShare) return true
    return ownBytes + bytes <= (this.limitBytes * reservedShare) / this.#holders
  }

  take(bytes: number): void {
    this.#heldBytes += bytes
  }

  release(bytes: number): void {
    this.#heldBytes -= bytes
  }
}

/** Of the whole limit, what may be stored: messages, filters, sessions. */
const storedShare = 3 / 4
/** For those who hold little when that is full. */
const reservedShare = 1 / 16
/** Packets that came and wait, and packets that were written and not read. */
export const unreadShare = 3 / 16
/** Retained messages are everybody's, and stay. */
export const retainedShare = 1 / 4
/** The messages that wait for one client. */
export const oneClientShare = 1 / 8
