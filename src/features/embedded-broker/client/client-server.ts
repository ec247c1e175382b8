import { isFailure, ReasonCode } from '../../../protocol/reason-code.ts'
import type { Packet, Publish, Subscribe, Unsubscribe } from '../../../protocol/wire/packet.ts'
import type { BrokerContext } from '../broker-context.ts'
import type { ClientEvent } from '../events.ts'
import type { BrokerSession } from '../sessions/broker-session.ts'
import { RetainedFeed } from '../sessions/retained-feed.ts'
import type { ClientRules } from './client-rules.ts'
import { type Served, servePublish, serveSubscribe, serveUnsubscribe } from './packet-handlers.ts'

/** What the connection lends to whoever serves its client. */
interface ServedConnection {
  readonly rules: ClientRules
  send(packet: Packet): unknown
  emit(event: ClientEvent): void
}

/** Answers the packets of one client that is connected. */
export class ClientServer {
  readonly session: BrokerSession
  readonly #broker: BrokerContext
  readonly #served: Served
  readonly #connection: ServedConnection
  readonly #retained: RetainedFeed

  constructor(
    broker: BrokerContext,
    client: { session: BrokerSession; version: 3 | 4 | 5; username: string | undefined },
    connection: ServedConnection,
  ) {
    const { session, version, username } = client
    this.session = session
    this.#broker = broker
    this.#served = { broker, session, version, permissions: broker.permissions.ofUser(username) }
    this.#connection = connection
    this.#retained = new RetainedFeed(session, broker.retained)
  }

  mayPublish(topic: string): boolean {
    return this.#served.permissions.mayPublish(topic)
  }

  serve(packet: Packet): Promise<void> | undefined {
    switch (packet.type) {
      case 'publish':
        return this.#servePublish(packet)
      case 'pubrel':
        this.#servePubrel(packet.packetId)
        return undefined
      case 'subscribe':
        this.#serveSubscribe(packet)
        return undefined
      case 'unsubscribe':
        this.#serveUnsubscribe(packet)
        return undefined
      default:
        return undefined
    }
  }

  #servePublish(publish: Publish): Promise<void> | undefined {
    const { packetId = 0, qos, topic, retain, payload } = publish
    this.#broker.traffic.publishesReceived++
    if (qos === 2 && this.session.hasReceived(packetId)) {
      this.#acknowledge(qos, packetId, 0) // [MQTT-4.3.3-10]
      return undefined
    }
    const canRemember = qos < 2 || this.session.remember(packetId)
    const { reasonCode, taken } = canRemember
      ? servePublish(this.#served, publish)
      : { reasonCode: ReasonCode.quotaExceeded }
    if (reasonCode !== 0) {
      if (qos === 2) this.session.released(packetId)
      this.#connection.emit({ event: 'denied', topic, reasonCode })
    } else this.#connection.emit({ event: 'published', topic, qos, retain, payloadBytes: payload.length })
    const code = this.#served.version === 5 ? reasonCode : 0 // below 5 PUBACK and PUBREC have no reason code
    if (taken === undefined) this.#acknowledge(qos, packetId, code)
    else return taken.then(() => this.#acknowledge(qos, packetId, code))
    return undefined
  }

  #acknowledge(qos: 0 | 1 | 2, packetId: number, reasonCode: number): void {
    if (qos === 0) return
    if (qos === 1 || isFailure(reasonCode)) this.#connection.rules.acknowledged(packetId)
    this.#connection.send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode, properties: {} })
  }

  #servePubrel(packetId: number): void {
    const isKnown = this.session.released(packetId)
    this.#connection.rules.acknowledged(packetId)
    this.#connection.send({
      type: 'pubcomp',
      packetId,
      reasonCode: isKnown ? 0 : ReasonCode.packetIdentifierNotFound,
      properties: {},
    }) // [MQTT-4.3.3-11]
  }

  #serveSubscribe(packet: Subscribe): void {
    if (packet.subscriptions.some(({ filter }) => filter.startsWith('$SYS'))) this.#broker.system.refresh()
    const { reasonCodes, due } = serveSubscribe(this.#served, packet)
    this.#connection.send({ type: 'suback', packetId: packet.packetId, reasonCodes, properties: {} })
    for (const [index, { filter }] of packet.subscriptions.entries()) {
      this.#connection.emit({
        event: 'subscribed',
        filter,
        reasonCode: reasonCodes[index] ?? ReasonCode.unspecifiedError,
      })
    }
    for (const subscription of due) this.#retained.add(subscription)
    void this.#retained.run()
  }

  #serveUnsubscribe(packet: Unsubscribe): void {
    const reasonCodes = serveUnsubscribe(this.#served, packet)
    this.#connection.send({ type: 'unsuback', packetId: packet.packetId, reasonCodes, properties: {} })
    this.#connection.emit({ event: 'unsubscribed', filters: packet.filters })
  }
}
