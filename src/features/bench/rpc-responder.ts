import { Publisher } from '../../connection/publisher.ts'
import type { MessageSink } from '../../connection/receiver.ts'
import type { MessageView } from '../../protocol/wire/message-view.ts'
import type { QoS } from '../../protocol/wire/packet.ts'

interface Reply {
  readonly topic: string
  readonly payload: Buffer
}

/** Sends every request's payload back to its response topic, with the run's correlation data [MQTT5 §4.10]. */
export class RpcResponder implements MessageSink {
  readonly publisher: Publisher
  readonly #correlationData: Uint8Array
  #waiting: Reply[] = []

  constructor(qos: QoS, correlationData: Uint8Array) {
    const template = { topic: 'bench', qos, retain: false, properties: { correlationData } }
    this.#correlationData = correlationData
    const hooks = { ready: () => this.#sendWaiting(), settled: () => {}, notice: () => {} }
    this.publisher = new Publisher(template, undefined, hooks)
  }

  message(message: MessageView): boolean {
    const { responseTopic, correlationData } = message.properties()
    if (responseTopic === undefined || correlationData === undefined) return true
    if (Buffer.compare(correlationData, this.#correlationData) !== 0) return true // of another run
    const payload = message.bytes.subarray(message.payloadStart, message.payloadEnd)
    if (!this.#send(responseTopic, payload)) this.#waiting.push({ topic: responseTopic, payload: Buffer.from(payload) })
    return true
  }

  batchEnd(written: () => void): void {
    this.publisher.flush()
    written()
  }

  #send(topic: string, payload: Buffer): boolean {
    if (this.#waiting.length > 0) return false
    this.publisher.topic = topic
    return this.publisher.publish(payload, 0, payload.length, 0) === 'taken'
  }

  #sendWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const [index, { topic, payload }] of waiting.entries()) {
      if (this.#send(topic, payload)) continue
      this.#waiting = waiting.slice(index)
      return
    }
    this.publisher.flush()
  }
}
