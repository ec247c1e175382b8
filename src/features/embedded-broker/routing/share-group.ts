import type { BrokerSession } from '../sessions/broker-session.ts'
import type { Message } from './message.ts'
import type { Subscription } from './subscription.ts'

interface Member {
  readonly session: BrokerSession
  readonly subscription: Subscription
}

/** The sessions that share one subscription. Each message goes to one of them, in turn. */
export class ShareGroup {
  #members: Member[] = []
  #next = 0

  get isEmpty(): boolean {
    return this.#members.length === 0
  }

  /** False when it was a member already, whose subscription is replaced. */
  add(session: BrokerSession, subscription: Subscription): boolean {
    const at = this.#members.findIndex((member) => member.session === session)
    if (at === -1) this.#members.push({ session, subscription })
    else this.#members[at] = { session, subscription }
    return at === -1
  }

  remove(session: BrokerSession): void {
    this.#members = this.#members.filter((member) => member.session !== session)
  }

  /**
   * Whose turn it is: first one who is there and keeps up, then one who is there, then one who is away and gets it when
   * back. It stays with whom it went to, even when that session ends [MQTT-4.8.2-4] [MQTT-4.8.2-5].
   */
  choose(message: Message): Member | undefined {
    let best: Member | undefined
    let bestRank = Number.POSITIVE_INFINITY
    let bestAt = 0
    for (let step = 0; step < this.#members.length && bestRank > 0; step++) {
      const at = (this.#next + step) % this.#members.length
      const member = this.#members[at]!
      const rank = rankOf(member, message)
      if (rank >= bestRank) continue
      best = member
      bestRank = rank
      bestAt = at
    }
    if (best !== undefined) this.#next = bestAt + 1
    return best
  }
}

function rankOf({ session, subscription }: Member, { qos, topic }: Message): number {
  if (!session.mayReceive(topic)) return Number.POSITIVE_INFINITY
  if (session.channel !== undefined) return session.isBehind ? 1 : 0
  return Math.min(qos, subscription.qos) > 0 ? 2 : Number.POSITIVE_INFINITY // QoS 0 is not kept for a client that is away
}
