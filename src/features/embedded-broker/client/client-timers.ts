import { livePartBytes } from '../../../connection/sign-of-life.ts'
import type { BrokerLimits } from '../settings.ts'

/** A deadline, and what it is about. */
export type Overdue = 'connect' | 'keep alive' | 'stalled'

/** What a connection may be late with: CONNECT, any packet at all, reading what we write. */
export class ClientTimers {
  readonly #limits: BrokerLimits
  readonly #onOverdue: (what: Overdue) => void
  #connect: NodeJS.Timeout | undefined
  #keepAlive: NodeJS.Timeout | undefined
  #stalled: NodeJS.Timeout | undefined
  #partBytes = 0
  #isReading = true

  /** `spentMs`: what the client has taken already, for TLS or for its WebSocket upgrade. */
  constructor(limits: BrokerLimits, spentMs: number, onOverdue: (what: Overdue) => void) {
    this.#limits = limits
    this.#onOverdue = onOverdue
    this.#connect = setTimeout(() => onOverdue('connect'), Math.max(0, limits.connectDeadlineMs - spentMs))
  }

  connected(keepAliveSeconds: number): void {
    clearTimeout(this.#connect)
    if (keepAliveSeconds === 0) return
    const late = () => {
      if (this.#isReading) this.#onOverdue('keep alive')
      else this.#keepAlive?.refresh()
    }
    this.#keepAlive = setTimeout(late, keepAliveSeconds * 1500) // [MQTT-3.1.2-22]
  }

  /** A whole packet came. */
  heard(): void {
    this.#partBytes = 0
    this.#keepAlive?.refresh()
  }

  /** Keep alive counts whole packets [MQTT-3.1.2-22]; every `livePartBytes` of a large one count as well. */
  heardPart(bytes: number): void {
    this.#partBytes += bytes
    if (this.#partBytes >= livePartBytes) this.heard()
  }

  /** While we do not read, the keep alive does not run out. */
  reading(isReading: boolean): void {
    if (isReading && !this.#isReading) this.heard()
    this.#isReading = isReading
  }

  wrote(isCongested: boolean): void {
    if (!isCongested) {
      clearTimeout(this.#stalled)
      this.#stalled = undefined
    } else this.#stalled ??= setTimeout(() => this.#onOverdue('stalled'), this.#limits.stalledClientMs)
  }

  stop(): void {
    for (const timer of [this.#connect, this.#keepAlive, this.#stalled]) clearTimeout(timer)
  }
}
