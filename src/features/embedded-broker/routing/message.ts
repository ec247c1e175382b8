import { monotonicMs } from '../../../connection/clock.ts'
import type { Properties, Publish, QoS, Will } from '../../../protocol/wire/packet.ts'
import type { MemoryBudget } from '../memory/memory-budget.ts'

/** An object, its fields and the map entry that leads to it. */
const overheadBytes = 300

/** A message on its way through the broker: one for all who get it. */
export class Message {
  readonly topic: string
  readonly qos: QoS
  /** As it was published. */
  readonly retain: boolean
  readonly properties: Properties
  /** The client that published it; absent: the broker itself. */
  readonly from: string | undefined
  /** By our own clock; absent when it never expires. */
  readonly expiresAtMs: number | undefined
  /** In memory, about. */
  readonly bytes: number
  #payload: Uint8Array
  #holders = 0

  constructor(publish: Pick<Publish, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>, from: string | undefined) {
    this.topic = publish.topic
    this.qos = publish.qos
    this.retain = publish.retain
    this.properties = publish.properties
    this.from = from
    this.#payload = publish.payload
    const lifetime = publish.properties.messageExpiryInterval
    this.expiresAtMs = lifetime === undefined ? undefined : monotonicMs() + lifetime * 1000
    this.bytes = overheadBytes + publish.payload.length + publish.topic.length * 2 + propertyBytes(publish.properties)
  }

  get payload(): Uint8Array {
    return this.#payload
  }

  get isExpired(): boolean {
    return this.expiresAtMs !== undefined && this.expiresAtMs <= monotonicMs()
  }

  /** With what is left of its lifetime [MQTT-3.3.2-6]. */
  get currentProperties(): Properties {
    if (this.expiresAtMs === undefined) return this.properties
    const leftMs = Math.max(0, this.expiresAtMs - monotonicMs())
    return { ...this.properties, messageExpiryInterval: Math.ceil(leftMs / 1000) }
  }

  /** What `hold` would take: nothing for a message that somebody holds already. */
  get costToHold(): number {
    return this.#holders === 0 ? this.bytes : 0
  }

  /** One more queue keeps it. The first call counts its memory, and copies the payload out of the bytes it came in. */
  hold(budget: MemoryBudget): void {
    if (this.#holders++ > 0) return
    budget.take(this.bytes)
    if (this.#payload.buffer.byteLength > this.#payload.length * 2) this.#payload = new Uint8Array(this.#payload)
  }

  release(budget: MemoryBudget): void {
    if (--this.#holders === 0) budget.release(this.bytes)
  }
}

/** `properties` of a will without what is for us alone [MQTT-3.1.3-10]. */
export function messageOfWill(
  { properties: { willDelayInterval: _ours, ...properties }, ...will }: Will,
  from: string,
) {
  return new Message({ ...will, properties }, from)
}

function propertyBytes(properties: Properties): number {
  let bytes = 0
  for (const value of Object.values(properties)) {
    if (typeof value === 'string') bytes += 32 + value.length * 2
    else if (value instanceof Uint8Array) bytes += 100 + value.length
    else if (Array.isArray(value)) bytes += pairsBytes(value)
    else bytes += 8
  }
  return bytes
}

function pairsBytes(pairs: readonly (number | readonly [string, string])[]): number {
  let bytes = 0
  for (const pair of pairs) bytes += typeof pair === 'number' ? 8 : 100 + (pair[0].length + pair[1].length) * 2
  return bytes
}
