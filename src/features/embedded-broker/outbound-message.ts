import type { Publish, QoS } from '../../protocol/wire/packet.ts'
import { type AedesPublish, fromAedes } from './aedes-packets.ts'
import type { BrokerSession } from './broker-session.ts'

/** What a published message becomes for the client of this session; undefined when no subscription of it matches. */
export function outboundMessage(packet: AedesPublish, session: BrokerSession): Publish | undefined {
  const publish = fromAedes(packet)
  const match = session.subscriptions.match(publish.topic, packet.clientId === session.clientId)
  if (match === undefined) return undefined
  const { topicAlias: _alias, willDelayInterval: _delay, ...properties } = publish.properties
  return {
    ...publish,
    qos: Math.min(publish.qos, match.qos) as QoS, // [MQTT-3.8.4-8]
    retain: isRetainedForNew(packet) || (match.retainAsPublished && publish.retain), // [MQTT-3.3.1-8] [MQTT-3.3.1-12]
    properties:
      match.identifiers.length === 0 ? properties : { ...properties, subscriptionIdentifier: match.identifiers },
  }
}

/** A retained message that a new subscription brought up: aedes marks it so. */
export function isRetainedForNew(packet: AedesPublish): boolean {
  return packet.brokerId === null
}
