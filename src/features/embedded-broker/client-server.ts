import type { Acknowledgement, Packet, Publish, Subscribe, Unsubscribe } from '../../protocol/wire/packet.ts'
import type { AedesPublish } from './aedes-packets.ts'
import type { ClientRules } from './client-rules.ts'
import type { ClientEvent } from './events.ts'
import { isRetainedForNew, outboundMessage } from './outbound-message.ts'
import { type Served, servePublish, serveSubscribe, serveUnsubscribe } from './packet-handlers.ts'

/** What the gate lends to whoever serves its client. */
export interface Gate {
  readonly rules: ClientRules
  send(packet: Packet): unknown
  emit(event: ClientEvent): void
}

/** Answers the packets of one client that is connected, and brings it its messages. */
export class ClientServer {
  readonly served: Served
  readonly #gate: Gate
  #lastDelivered: number | undefined

  constructor(served: Served, gate: Gate) {
    this.served = served
    this.#gate = gate
  }

  async serve(packet: Packet): Promise<void> {
    switch (packet.type) {
      case 'publish':
        return this.#servePublish(packet)
      case 'pubrel':
        return this.#servePubrel(packet.packetId)
      case 'subscribe':
        return this.#serveSubscribe(packet)
      case 'unsubscribe':
        return this.#serveUnsubscribe(packet)
      case 'pingreq':
        this.#gate.send({ type: 'pingresp' })
    }
  }

  /** False when no message of ours can be meant: the client broke the protocol. */
  acknowledge(packet: Acknowledgement): boolean {
    return this.served.session.acknowledge(packet)
  }

  /** aedes has a message for one of our subscriptions; for each that matches it calls once, one right after the other. */
  deliver(packet: AedesPublish, done: () => void): void {
    const message = this.#isFirstCopy(packet) ? outboundMessage(packet, this.served.session) : undefined
    if (message === undefined || this.#comesByTheQueue(message, packet)) done()
    else this.served.session.offer(message, done, packet.clientId !== this.served.session.clientId)
  }

  #isFirstCopy(packet: AedesPublish): boolean {
    if (isRetainedForNew(packet)) return true
    if (packet.brokerCounter === this.#lastDelivered) return false
    this.#lastDelivered = packet.brokerCounter
    return true
  }

  /** To a session that may outlive us, aedes queues messages of QoS 1 and 2 whether we are here or not. */
  #comesByTheQueue(message: Publish, packet: AedesPublish): boolean {
    return message.qos > 0 && !this.served.client.clean && !isRetainedForNew(packet)
  }

  async #servePublish(publish: Publish): Promise<void> {
    const { packetId = 0, qos, topic, retain, payload } = publish
    const isRepeated = qos === 2 && this.served.session.received.has(packetId) // [MQTT-4.3.3-10]
    const verdict = isRepeated ? 0 : await servePublish(this.served, publish)
    if (verdict !== 0) this.#gate.emit({ event: 'denied', topic, reasonCode: verdict })
    else if (!isRepeated) this.#gate.emit({ event: 'published', topic, qos, retain, payloadBytes: payload.length })
    if (qos > 0) this.#acknowledgeTo(qos, packetId, this.served.version === 5 ? verdict : 0) // below 5 nobody can say no
  }

  #acknowledgeTo(qos: 0 | 1 | 2, packetId: number, reasonCode: number): void {
    if (qos === 1 || reasonCode >= 0x80) this.#gate.rules.acknowledged(packetId)
    else this.served.session.received.add(packetId)
    this.#gate.send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode, properties: {} })
  }

  #servePubrel(packetId: number): void {
    const isKnown = this.served.session.received.delete(packetId)
    this.#gate.rules.acknowledged(packetId)
    this.#gate.send({ type: 'pubcomp', packetId, reasonCode: isKnown ? 0 : 0x92, properties: {} }) // [MQTT-4.3.3-11]
  }

  async #serveSubscribe(packet: Subscribe): Promise<void> {
    const { session } = this.served
    session.hold()
    const reasonCodes = await serveSubscribe(this.served, packet)
    this.#gate.send({ type: 'suback', packetId: packet.packetId, reasonCodes, properties: {} })
    for (const [index, { filter }] of packet.subscriptions.entries()) {
      this.#gate.emit({ event: 'subscribed', filter, reasonCode: reasonCodes[index] ?? 0x80 })
    }
    session.release()
  }

  async #serveUnsubscribe(packet: Unsubscribe): Promise<void> {
    const reasonCodes = await serveUnsubscribe(this.served, packet)
    this.#gate.send({ type: 'unsuback', packetId: packet.packetId, reasonCodes, properties: {} })
    this.#gate.emit({ event: 'unsubscribed', filters: packet.filters })
  }
}
