import type { Connack, ProtocolVersion } from '../wire/packet.ts'
import {
  aliasProblem,
  type LimitProblem,
  type MeasuredPublish,
  noLimits,
  type PublishLimits,
  qosProblem,
  retainProblem,
  sizeProblem,
} from './publish-limits.ts'

/** What the server said in CONNACK about what it takes, with the standard's defaults filled in. */
export interface ServerLimits extends PublishLimits {
  /** Seconds; to be used in place of our own keepalive [MQTT-3.2.2-21]. */
  readonly serverKeepAlive?: number
  readonly assignedClientIdentifier?: string
  readonly wildcardSubscriptionAvailable: boolean
  readonly subscriptionIdentifiersAvailable: boolean
  readonly sharedSubscriptionAvailable: boolean
}

const defaults: ServerLimits = {
  ...noLimits,
  wildcardSubscriptionAvailable: true,
  subscriptionIdentifiersAvailable: true,
  sharedSubscriptionAvailable: true,
}

/** Below MQTT 5, or before CONNACK, the defaults. */
export function serverLimits(connack: Connack | undefined, version: ProtocolVersion): ServerLimits {
  if (connack === undefined || version < 5) return defaults
  const said = connack.properties
  return {
    receiveMaximum: said.receiveMaximum ?? defaults.receiveMaximum,
    maximumQoS: said.maximumQoS ?? defaults.maximumQoS,
    retainAvailable: said.retainAvailable !== 0,
    topicAliasMaximum: said.topicAliasMaximum ?? defaults.topicAliasMaximum,
    wildcardSubscriptionAvailable: said.wildcardSubscriptionAvailable !== 0,
    subscriptionIdentifiersAvailable: said.subscriptionIdentifiersAvailable !== 0,
    sharedSubscriptionAvailable: said.sharedSubscriptionAvailable !== 0,
    ...(said.maximumPacketSize === undefined ? {} : { maximumPacketSize: said.maximumPacketSize }),
    ...(said.serverKeepAlive === undefined ? {} : { serverKeepAlive: said.serverKeepAlive }),
    ...(said.assignedClientIdentifier === undefined ? {} : { assignedClientIdentifier: said.assignedClientIdentifier }),
  }
}

/**
 * Why this message may not be sent to this server, if it may not. Receive Maximum is not here: it makes a message wait,
 * and does not forbid it. Allocates nothing when all is well.
 */
export function publishProblem(limits: ServerLimits, publish: MeasuredPublish): LimitProblem | undefined {
  return (
    qosProblem(limits, publish) ??
    retainProblem(limits, publish) ??
    sizeProblem(limits, 'client', publish.packetBytes) ??
    aliasProblem(limits, 'client', publish.topicAlias)
  )
}
