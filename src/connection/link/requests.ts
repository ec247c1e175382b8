import { otherAnswer, wrongCount } from '../../protocol/session/order-violations.ts'
import type {
  Packet,
  Properties,
  ProtocolVersion,
  Suback,
  SubscriptionRequest,
  Unsuback,
} from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import { unused } from './unused-identifier.ts'

interface Waiting {
  readonly answer: 'suback' | 'unsuback'
  /** Reason codes that the answer must carry; UNSUBACK has none below MQTT 5. */
  readonly count: number
  readonly resolve: (packet: Suback | Unsuback) => void
  readonly reject: (error: Error) => void
}

/** A SUBSCRIBE or UNSUBSCRIBE that gets its packet identifier when it is put on the wire. */
export interface Asked {
  readonly packet: (packetId: number) => Packet
  /** Waits from now on for the answer with this identifier. */
  readonly sentAs: (packetId: number) => void
}

/** So many topic filters in one packet every broker takes; AWS IoT Core closes on nine. */
const takenByAll = 8

/** SUBSCRIBE and UNSUBSCRIBE that wait for their answer, by packet identifier. */
export class Requests {
  /** Made when somebody asks: of ten thousand connections most never do. */
  #waiting: Map<number, Waiting> | undefined
  readonly #version: ProtocolVersion
  #failure: Error | undefined

  constructor(version: ProtocolVersion) {
    this.#version = version
  }

  subscribe(
    subscriptions: readonly SubscriptionRequest[],
    properties: Properties,
    ask: (asked: Asked) => void,
  ): Promise<Suback> {
    const packet = (packetId: number) => ({ type: 'subscribe', packetId, subscriptions, properties }) as const
    return this.#ask('suback', subscriptions.length, packet, ask)
  }

  unsubscribe(filters: readonly string[], properties: Properties, ask: (asked: Asked) => void): Promise<Unsuback> {
    const packet = (packetId: number) => ({ type: 'unsubscribe', packetId, filters, properties }) as const
    return this.#ask('unsuback', filters.length, packet, ask)
  }

  #ask<Answer extends Suback | Unsuback>(
    answer: Answer['type'],
    count: number,
    packet: Asked['packet'],
    ask: (asked: Asked) => void,
  ): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((done, reject) => {
      const resolve = done as (packet: Suback | Unsuback) => void
      this.#waiting ??= new Map()
      const waiting = this.#waiting
      ask({ packet, sentAs: (packetId) => void waiting.set(packetId, { answer, count, resolve, reject }) })
    })
  }

  awaits(packetId: number): boolean {
    return this.#waiting?.has(packetId) === true
  }

  /**
   * Hands the answer to who waits for it, or says which rule it breaks: then who waits learns it with the end. `unused`:
   * nobody waits for any answer under this identifier.
   */
  answer(packet: Suback | Unsuback): Violation | typeof unused | undefined {
    const waiting = this.#waiting?.get(packet.packetId)
    if (waiting === undefined) return unused
    if (waiting.answer !== packet.type) return otherAnswer(packet, this.#version)
    const saysNothing = packet.type === 'unsuback' && this.#version < 5
    if (!saysNothing && packet.reasonCodes.length !== waiting.count) {
      return wrongCount(packet, waiting.count, this.#version)
    }
    this.#waiting?.delete(packet.packetId)
    waiting.resolve(packet)
    return undefined
  }

  /** What was asked and has no answer yet. */
  get unanswered(): string | undefined {
    for (const { answer, count } of this.#waiting?.values() ?? []) {
      const packet = answer === 'suback' ? 'SUBSCRIBE' : 'UNSUBSCRIBE'
      return count > takenByAll ? `${packet} with ${count} topic filters` : packet
    }
    return undefined
  }

  /** The connection ended first; what is asked from now on has come too late. */
  failAll(error: Error): void {
    this.#failure = error
    for (const { reject } of this.#waiting?.values() ?? []) reject(error)
    this.#waiting = undefined
  }
}
