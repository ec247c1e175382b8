import type { DropCause } from '../events.ts'
import type { MemoryBudget } from '../memory/memory-budget.ts'
import type { Message } from '../routing/message.ts'
import type { SubscriptionTable } from '../routing/subscription-table.ts'
import type { BrokerLimits } from '../settings.ts'
import { afterSeconds } from './after-seconds.ts'
import { BrokerSession, type SessionLimits } from './broker-session.ts'

type OnDrop = (clientId: string, topic: string, cause: DropCause) => void

/** What is left of a client when its connection is gone. */
interface Leaving {
  /** 0 ends the session now, `neverExpires` keeps it. */
  readonly expirySeconds: number
  readonly will?: { readonly message: Message; readonly delaySeconds: number }
}

export const neverExpires = 0xffff_ffff

/** A session with nothing in it, and its place in the tables. */
const sessionBytes = 2000

/** What waits for the end of somebody's absence. */
interface Absence {
  readonly cancelExpiry: () => void
  readonly cancelWill: () => void
  readonly will: Message | undefined
}

/** Every session, by client identifier: of clients that are here, and of those that may come back. */
export class SessionTable {
  readonly #sessions = new Map<string, BrokerSession>()
  /** Those that outlive their connection. */
  readonly #kept = new Set<BrokerSession>()
  readonly #absences = new Map<BrokerSession, Absence>()
  readonly #limits: SessionLimits & Pick<BrokerLimits, 'sessions'>
  readonly #budget: MemoryBudget
  readonly #subscriptions: SubscriptionTable
  readonly #onDrop: OnDrop
  readonly #publish: (will: Message) => void

  constructor(
    limits: SessionLimits & Pick<BrokerLimits, 'sessions'>,
    broker: { budget: MemoryBudget; subscriptions: SubscriptionTable },
    { onDrop, publish }: { onDrop: OnDrop; publish: (will: Message) => void },
  ) {
    this.#limits = limits
    this.#budget = broker.budget
    this.#subscriptions = broker.subscriptions
    this.#onDrop = onDrop
    this.#publish = publish
  }

  get count(): number {
    return this.#sessions.size
  }

  get(clientId: string): BrokerSession | undefined {
    return this.#sessions.get(clientId)
  }

  /**
   * The session to go on with, or a new one [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.2-6]. `undefined` when there is no
   * room for one more, or for one more that is to be kept.
   */
  open(clientId: string, cleanStart: boolean, isToBeKept: boolean) {
    const known = this.#sessions.get(clientId)
    if (known !== undefined && cleanStart) this.end(known)
    const present = known !== undefined && !cleanStart
    const session = present ? known : this.#begin(clientId)
    if (session === undefined) return undefined
    if (isToBeKept && !this.#keep(session)) {
      if (!present) this.end(session)
      return undefined
    }
    this.#forgetAbsence(session)
    return { session, present }
  }

  /** Its connection is gone. */
  leave(session: BrokerSession, { expirySeconds, will }: Leaving): void {
    if (expirySeconds === 0 || this.#sessions.get(session.clientId) !== session) {
      if (will !== undefined) this.#publish(will.message)
      this.end(session)
      return
    }
    const delaySeconds = Math.min(will?.delaySeconds ?? 0, expirySeconds)
    if (will !== undefined && delaySeconds === 0) this.#publish(will.message)
    const delayed = will !== undefined && delaySeconds > 0 ? will.message : undefined
    delayed?.hold(this.#budget)
    this.#absences.set(session, {
      will: delayed,
      cancelWill: delayed === undefined ? () => {} : afterSeconds(delaySeconds, () => this.#sendWill(session)),
      cancelExpiry: expirySeconds === neverExpires ? () => {} : afterSeconds(expirySeconds, () => this.end(session)),
    })
  }

  /** The session is over, and a will that waited for that is due. */
  end(session: BrokerSession): void {
    const absence = this.#absences.get(session)
    this.#forgetAbsence(session)
    if (this.#sessions.get(session.clientId) === session) {
      this.#sessions.delete(session.clientId)
      this.#kept.delete(session)
      for (const subscription of session.subscriptions.values()) this.#subscriptions.remove(session, subscription)
      session.clear()
      this.#budget.release(costOf(session.clientId))
      this.#budget.holders = this.#sessions.size
    }
    if (absence?.will !== undefined) this.#publish(absence.will)
  }

  /** The broker shuts down: wills that are delayed are not sent any more. */
  forgetAbsences(): void {
    for (const session of [...this.#absences.keys()]) this.#forgetAbsence(session)
  }

  #begin(clientId: string): BrokerSession | undefined {
    if (!this.#budget.hasRoom(costOf(clientId), 0)) return undefined
    this.#budget.take(costOf(clientId))
    const onDrop = (topic: string, cause: DropCause) => this.#onDrop(clientId, topic, cause)
    const session = new BrokerSession(clientId, this.#limits, this.#budget, onDrop)
    this.#sessions.set(clientId, session)
    this.#budget.holders = this.#sessions.size
    return session
  }

  #keep(session: BrokerSession): boolean {
    if (!this.#kept.has(session) && this.#kept.size >= this.#limits.sessions) return false
    this.#kept.add(session)
    return true
  }

  /** Neither the expiry nor the will of the last connection is due any more [MQTT-3.1.3-9]. */
  #forgetAbsence(session: BrokerSession): void {
    const absence = this.#absences.get(session)
    if (absence === undefined) return
    absence.cancelExpiry()
    absence.cancelWill()
    absence.will?.release(this.#budget)
    this.#absences.delete(session)
  }

  #sendWill(session: BrokerSession): void {
    const absence = this.#absences.get(session)
    if (absence?.will === undefined) return
    this.#absences.set(session, { ...absence, will: undefined })
    absence.will.release(this.#budget)
    this.#publish(absence.will)
  }
}

function costOf(clientId: string): number {
  return sessionBytes + clientId.length * 2
}
