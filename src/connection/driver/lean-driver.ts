import { encodePacket } from '../../protocol/wire/encode-packet.ts'
import type {
  Packet,
  Properties,
  ProtocolVersion,
  Suback,
  SubscriptionRequest,
  Unsuback,
} from '../../protocol/wire/packet.ts'
import type { Asked, Requests } from '../link/requests.ts'
import {
  type ConnectRequest,
  connectPacket,
  type DriverOutput,
  highestRequestId,
  lowestRequestId,
  type SessionDriver,
} from './session-driver.ts'

/** A session that only connects, subscribes and leaves: for one-shot commands and for thousands of connections. */
export class LeanDriver implements SessionDriver {
  #version: ProtocolVersion = 5
  #nextId = lowestRequestId
  readonly #output: DriverOutput
  readonly #requests: Requests

  constructor(output: DriverOutput, requests: Requests) {
    this.#output = output
    this.#requests = requests
  }

  connect(request: ConnectRequest): void {
    this.#version = request.version
    this.#send(connectPacket(request))
  }

  async ready(): Promise<void> {}

  subscribe(subscriptions: readonly SubscriptionRequest[], properties: Properties): Promise<Suback> {
    return this.#requests.subscribe(subscriptions, properties, (asked) => this.#ask(asked))
  }

  unsubscribe(filters: readonly string[], properties: Properties): Promise<Unsuback> {
    return this.#requests.unsubscribe(filters, properties, (asked) => this.#ask(asked))
  }

  received(): void {}

  async disconnect(reasonCode: number, properties: Properties): Promise<void> {
    this.#send({ type: 'disconnect', reasonCode, properties })
  }

  closed(): void {}

  #ask({ packet, sentAs }: Asked): void {
    const packetId = this.#takeId()
    sentAs(packetId)
    this.#send(packet(packetId))
  }

  #takeId(): number {
    const id = this.#nextId
    this.#nextId = id === highestRequestId ? lowestRequestId : id + 1
    return id
  }

  #send(packet: Packet): void {
    this.#output.send(encodePacket(packet, this.#version))
  }
}
