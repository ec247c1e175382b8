import type { Packet, PacketType, Properties, Suback, SubscriptionRequest, Unsuback } from '../protocol/wire/packet.ts'
import type { Violation } from '../protocol/wire/violation.ts'

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

/** SUBSCRIBE and UNSUBSCRIBE that wait for their answer, by packet identifier. */
export class Requests {
  readonly #waiting = new Map<number, Waiting>()

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
    return new Promise((done, reject) => {
      const resolve = done as (packet: Suback | Unsuback) => void
      const sentAs = (packetId: number) => void this.#waiting.set(packetId, { answer, count, resolve, reject })
      ask({ packet, sentAs })
    })
  }

  /** Hands the answer to who waits for it, or says which rule it breaks. */
  answer(packet: Suback | Unsuback): Violation | undefined {
    const waiting = this.#waiting.get(packet.packetId)
    if (waiting === undefined || waiting.answer !== packet.type) return unexpected(packet.type, packet.packetId)
    this.#waiting.delete(packet.packetId)
    if (
      packet.reasonCodes.length !== waiting.count &&
      !(packet.type === 'unsuback' && packet.reasonCodes.length === 0)
    ) {
      const error = wrongCount(packet, waiting.count)
      return error
    }
    waiting.resolve(packet)
    return undefined
  }

  /** The connection ended first. */
  failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

function unexpected(packet: PacketType, packetId: number): Violation {
  const rule = packet === 'suback' ? '[MQTT-3.8.4-2]' : '[MQTT-3.10.4-5]'
  return {
    packet,
    offset: 2,
    rule,
    reasonCode: 0x82,
    message: `packet identifier ${packetId} answers no request of ours`,
  }
}

function wrongCount(packet: Suback | Unsuback, expected: number): Violation {
  const rule = packet.type === 'suback' ? '[MQTT-3.8.4-6]' : '[MQTT-3.11.3-2]'
  const message = `${packet.reasonCodes.length} reason codes for ${expected} topic filters`
  return { packet: packet.type, offset: 4, rule, reasonCode: 0x82, message }
}
