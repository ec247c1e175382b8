import type { ProtocolVersion } from './packet.ts'

/**
 * One rule of the wire, as each standard numbers it. MQTT 3.1 has no numbered statements: its rules that 3.1.1 restates
 * are cited by 3.1.1's numbers. Where a standard has no statement the section stands.
 */
export interface Rule {
  readonly v5: string
  readonly v3: string
}

export function citation(rule: Rule | string, version: ProtocolVersion): string {
  if (typeof rule === 'string') return rule
  return version === 5 ? rule.v5 : rule.v3
}

/** A rule of MQTT 5 alone; below it nothing can break it. */
export function only5(v5: string): Rule {
  return { v5, v3: v5 }
}

/** A rule of 3.1 and 3.1.1 that MQTT 5 lifted. */
function onlyBelow5(v3: string): Rule {
  return { v5: v3, v3 }
}

export const rules = {
  // Data types
  utf8WellFormed: { v5: '[MQTT-1.5.4-1]', v3: '[MQTT-3.1.1:1.5.3-1]' },
  utf8NoNull: { v5: '[MQTT-1.5.4-2]', v3: '[MQTT-3.1.1:1.5.3-2]' },
  integerMinimal: only5('[MQTT-1.5.5-1]'),
  integerLength: { v5: '[MQTT5 §1.5.5]', v3: '[MQTT3.1.1 §2.2.3]' },

  // The fixed header, and what every packet has
  packetType: { v5: '[MQTT5 §2.1.2]', v3: '[MQTT3.1.1 §2.2.1]' },
  flags: { v5: '[MQTT-2.1.3-1]', v3: '[MQTT-3.1.1:2.2.2-2]' },
  remainingLength: { v5: '[MQTT5 §2.1.4]', v3: '[MQTT3.1.1 §2.2.3]' },
  propertyLength: only5('[MQTT5 §2.2.2.1]'),
  propertyLengthPresent: only5('[MQTT-2.2.2-1]'),
  property: only5('[MQTT5 §2.2.2.2]'),
  topicNotEmpty: { v5: '[MQTT-4.7.3-1]', v3: '[MQTT-3.1.1:4.7.3-1]' },
  topicNoWildcard: { v5: '[MQTT-4.7.0-1]', v3: '[MQTT-3.1.1:4.7.1-1]' },

  // CONNECT
  protocolName: { v5: '[MQTT-3.1.2-1]', v3: '[MQTT-3.1.1:3.1.2-1]' },
  protocolLevel: { v5: '[MQTT-3.1.2-2]', v3: '[MQTT-3.1.1:3.1.2-2]' },
  connectReserved: { v5: '[MQTT-3.1.2-3]', v3: '[MQTT-3.1.1:3.1.2-3]' },
  willPresent: { v5: '[MQTT-3.1.2-9]', v3: '[MQTT-3.1.1:3.1.2-9]' },
  willQosWithoutWill: { v5: '[MQTT-3.1.2-11]', v3: '[MQTT-3.1.1:3.1.2-13]' },
  willQos: { v5: '[MQTT-3.1.2-12]', v3: '[MQTT-3.1.1:3.1.2-14]' },
  willRetainWithoutWill: { v5: '[MQTT-3.1.2-13]', v3: '[MQTT-3.1.1:3.1.2-15]' },
  usernamePresent: { v5: '[MQTT-3.1.2-17]', v3: '[MQTT-3.1.1:3.1.2-19]' },
  passwordPresent: { v5: '[MQTT-3.1.2-19]', v3: '[MQTT-3.1.1:3.1.2-21]' },
  passwordNeedsUsername: { v5: '[MQTT5 §3.1.2.9]', v3: '[MQTT-3.1.1:3.1.2-22]' },
  clientIdPresent: { v5: '[MQTT-3.1.3-3]', v3: '[MQTT-3.1.1:3.1.3-3]' },
  clientIdEmpty: onlyBelow5('[MQTT-3.1.1:3.1.3-7]'),

  // CONNACK
  connackReserved: { v5: '[MQTT-3.2.2-1]', v3: '[MQTT3.1.1 §3.2.2.1]' },
  sessionPresentRefused: { v5: '[MQTT-3.2.2-6]', v3: '[MQTT-3.1.1:3.2.2-4]' },

  // PUBLISH
  publishDup: { v5: '[MQTT-3.3.1-2]', v3: '[MQTT-3.1.1:3.3.1-2]' },
  publishQos: { v5: '[MQTT-3.3.1-4]', v3: '[MQTT-3.1.1:3.3.1-4]' },
  publishNoWildcard: { v5: '[MQTT-3.3.2-2]', v3: '[MQTT-3.1.1:3.3.2-2]' },
  publishTopic: { v5: '[MQTT-3.3.2-1]', v3: '[MQTT-3.1.1:3.3.2-1]' },
  responseTopic: only5('[MQTT-3.3.2-14]'),

  // Packet identifiers
  identifierFromClient: { v5: '[MQTT-2.2.1-3]', v3: '[MQTT-3.1.1:2.3.1-1]' },
  identifierFromServer: { v5: '[MQTT-2.2.1-4]', v3: '[MQTT-3.1.1:2.3.1-1]' },
  identifierOfAcknowledgement: { v5: '[MQTT-2.2.1-5]', v3: '[MQTT-3.1.1:2.3.1-6]' },
  identifierOfSubscription: { v5: '[MQTT-2.2.1-6]', v3: '[MQTT-3.1.1:2.3.1-7]' },

  // SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK
  subscribePayload: { v5: '[MQTT-3.8.3-2]', v3: '[MQTT-3.1.1:3.8.3-3]' },
  subscribeReserved: { v5: '[MQTT-3.8.3-5]', v3: '[MQTT-3.1.1:3.8.3-4]' },
  subscribeOptions: { v5: '[MQTT5 §3.8.3.1]', v3: '[MQTT-3.1.1:3.8.3-4]' },
  noLocalShared: only5('[MQTT-3.8.3-4]'),
  subackPayload: { v5: '[MQTT-3.8.4-6]', v3: '[MQTT-3.1.1:3.8.4-5]' },
  unsubscribePayload: { v5: '[MQTT-3.10.3-2]', v3: '[MQTT-3.1.1:3.10.3-2]' },
  unsubackPayload: only5('[MQTT-3.11.3-2]'),

  // AUTH
  authMethod: only5('[MQTT5 §3.15.2.2.2]'),
} as const satisfies Record<string, Rule>
