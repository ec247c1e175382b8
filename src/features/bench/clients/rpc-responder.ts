import type { MessageSink } from '../../../connection/link/receiver.ts'
import { Publisher } from '../../../connection/publish/publisher.ts'
import type { QoS } from '../../../protocol/wire/packet.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'
import { isStampProperty, StampProperty, stampPropertyName, withStamp } from '../messages/stamp-property.ts'

/** Answers that the network or the window does not take. */
const mostWaitingBytes = 64 * 1024 * 1024
/** Topic, stamp and object of each. */
const replyOverheadBytes = 300

interface Reply {
  readonly topic: string
  readonly payload: Buffer
  /** Where the request's payload does not carry it. */
  readonly stamp: string | undefined
}

/** Sends every request's payload back to its response topic, with the run's correlation data [MQTT5 §4.10]. */
export class RpcResponder implements MessageSink {
  readonly publisher: Publisher
  readonly #correlationData: Uint8Array
  #waiting: Reply[] = []
  #waitingBytes = 0

  /** `carriesStamp`: it travels beside the payload, and goes back the same way. */
  constructor(qos: QoS, correlationData: Uint8Array, carriesStamp: boolean) {
    const properties = withStamp({ correlationData }, carriesStamp ? new StampProperty(0, 0) : undefined)
    const template = { topic: 'bench', qos, retain: false, properties }
    this.#correlationData = correlationData
    const hooks = { ready: () => this.#sendWaiting(), settled: () => {} }
    this.publisher = new Publisher(template, undefined, hooks)
  }

  message(message: PublishView): boolean {
    const { responseTopic, correlationData, userProperties } = message.properties()
    if (responseTopic === undefined || correlationData === undefined) return true
    if (Buffer.compare(correlationData, this.#correlationData) !== 0) return true // of another run
    const payload = message.bytes.subarray(message.payloadStart, message.payloadEnd)
    const reply = { topic: responseTopic, payload, stamp: userProperties?.find(isStampProperty)?.[1] }
    if (!this.#send(reply)) this.#keep({ ...reply, payload: Buffer.from(payload) })
    return true
  }

  batchEnd(written: () => void): void {
    this.publisher.flush()
    written()
  }

  /** Reading goes on, or acknowledgements would not come: so what waits has a bound, and beyond it goes unanswered. */
  #keep(reply: Reply): void {
    if (this.#waitingBytes > mostWaitingBytes) return
    this.#waitingBytes += reply.payload.length + replyOverheadBytes
    this.#waiting.push(reply)
  }

  #send({ topic, payload, stamp }: Reply): boolean {
    if (this.#waiting.length > 0) return false
    this.publisher.topic = topic
    if (stamp !== undefined) this.publisher.userPropertyValue(stampPropertyName)?.write(stamp, 'latin1')
    return this.publisher.publish(payload, 0, payload.length, 0) === 'taken'
  }

  #sendWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    for (const reply of waiting) if (!this.#send(reply)) this.#keep(reply)
    this.publisher.flush()
  }
}
