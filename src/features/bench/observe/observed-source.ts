/** What a source tells at one moment. What it does not know is not there. */
export interface Reading {
  /** When it was so, microseconds since the epoch. */
  readonly atMicroseconds: number
  /** Another one is another process: its counters began anew. */
  readonly identity?: string
  /** Used so far, by all threads. */
  readonly cpuMicroseconds?: number
  readonly memoryBytes?: number
  /** The broker's own counters of what it dropped, by name. */
  readonly dropped?: Readonly<Record<string, number>>
}

/** Why nothing is told: said as it is, never as zeros. */
export interface Gap {
  readonly gap: string
}

/** Somebody who tells what a broker costs, and what it drops. */
export interface ObservedSource {
  /** As it was asked for, without any secret. */
  readonly name: string
  /** Throws where there is nothing to observe. */
  open(): Promise<void>
  read(): Promise<Reading | Gap>
  /** The run is over: waits for what is told of it only later. */
  settle(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
