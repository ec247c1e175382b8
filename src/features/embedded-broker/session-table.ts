import { BrokerSession, type SessionLimits } from './broker-session.ts'
import type { DropCause } from './events.ts'

export type OnDrop = (clientId: string, topic: string, cause: DropCause) => void

/** Every session, by client identifier: of clients that are here, and of those that may come back. */
export class SessionTable {
  readonly #sessions = new Map<string, BrokerSession>()
  readonly #limits: SessionLimits
  readonly #onDrop: OnDrop

  constructor(limits: SessionLimits, onDrop: OnDrop) {
    this.#limits = limits
    this.#onDrop = onDrop
  }

  get(clientId: string): BrokerSession | undefined {
    return this.#sessions.get(clientId)
  }

  /** The session to go on with, or a new one [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.2-6]. */
  open(clientId: string, cleanStart: boolean): { session: BrokerSession; present: boolean } {
    const known = cleanStart ? undefined : this.#sessions.get(clientId)
    if (known !== undefined) return { session: known, present: true }
    const session = new BrokerSession(clientId, this.#limits, (topic, cause) => this.#onDrop(clientId, topic, cause))
    this.#sessions.set(clientId, session)
    return { session, present: false }
  }

  /** The session is over; nothing happens when its client identifier has another one by now. */
  end(session: BrokerSession): void {
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId)
  }

  /** aedes gave the client's session up. A session that a connection has is not idle. */
  endIdle(clientId: string): void {
    if (this.#sessions.get(clientId)?.channel === undefined) this.#sessions.delete(clientId)
  }
}
