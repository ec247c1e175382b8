/** What a precision timer and its thread share: when to call, and whether that has changed. */
export interface PrecisionTimerMemory {
  readonly changed: Int32Array<SharedArrayBuffer>
  /** Microseconds since the epoch. */
  readonly dueMicroseconds: BigInt64Array<SharedArrayBuffer>
}

/** No call is due. */
export const farFuture = BigInt(Number.MAX_SAFE_INTEGER)

export const precisionTimerMemory = {
  bytes: 16,
  of: (shared: SharedArrayBuffer): PrecisionTimerMemory => ({
    changed: new Int32Array(shared, 0, 1),
    dueMicroseconds: new BigInt64Array(shared, 8, 1),
  }),
} as const

/** Sets when to call, and wakes the thread to look at it. */
export function ring({ changed, dueMicroseconds }: PrecisionTimerMemory, atMicroseconds: bigint): void {
  Atomics.store(dueMicroseconds, 0, atMicroseconds)
  Atomics.store(changed, 0, 1)
  Atomics.notify(changed, 0)
}
