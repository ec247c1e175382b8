import { ReasonCode } from '../../../protocol/reason-code.ts'
import type { Connect, Disconnect, Packet, ProtocolVersion, Publish } from '../../../protocol/wire/packet.ts'
import { citation, type Rule } from '../../../protocol/wire/rules.ts'
import type { Violation } from '../../../protocol/wire/violation.ts'
import type { BrokerLimits } from '../settings.ts'

const rules = {
  connectFirst: { v5: '[MQTT-3.1.0-1]', v3: '[MQTT-3.1.1:3.1.0-1]' },
  connectOnce: { v5: '[MQTT-3.1.0-2]', v3: '[MQTT-3.1.1:3.1.0-2]' },
  nothingAfterDisconnect: { v5: '[MQTT-3.14.4-1]', v3: '[MQTT-3.1.1:3.14.4-2]' },
  authUnasked: { v5: '[MQTT-4.12.0-7]', v3: '[MQTT-4.12.0-7]' },
  aliasUnknown: { v5: '[MQTT5 §3.3.2.3.4]', v3: '[MQTT5 §3.3.2.3.4]' },
  aliasTooLarge: { v5: '[MQTT-3.3.2-9]', v3: '[MQTT-3.3.2-9]' },
  receiveMaximum: { v5: '[MQTT-3.3.4-7]', v3: '[MQTT-3.3.4-7]' },
  expiryAfterNone: { v5: '[MQTT5 §3.14.2.2.2]', v3: '[MQTT5 §3.14.2.2.2]' },
  pubackExpected: { v5: '[MQTT-4.3.2-4]', v3: '[MQTT-3.1.1:4.3.2-2]' },
  pubrecExpected: { v5: '[MQTT-4.3.3-8]', v3: '[MQTT-3.1.1:4.3.3-2]' },
} as const satisfies Record<string, Rule>

/** The rules that hold between the packets of one client: what each may be after those before it. */
export class ClientRules {
  readonly #limits: BrokerLimits
  readonly #aliases = new Map<number, string>()
  /** QoS 1 and 2 messages that we have not acknowledged to the end. */
  readonly #unacknowledged = new Set<number>()
  #connect: Connect | undefined
  #isDisconnected = false

  constructor(limits: BrokerLimits) {
    this.#limits = limits
  }

  get version(): ProtocolVersion {
    return this.#connect?.version ?? 5
  }

  get isConnected(): boolean {
    return this.#connect !== undefined
  }

  get isDisconnected(): boolean {
    return this.#isDisconnected
  }

  /** Of the first byte of all: without CONNECT nobody knows how to read the rest. */
  checkFirst(firstByte: number): Violation | undefined {
    if (firstByte >> 4 === 1) return undefined
    return this.#violation(undefined, rules.connectFirst, ReasonCode.protocolError, 'the first packet is not CONNECT')
  }

  check(packet: Packet): Violation | undefined {
    if (this.#isDisconnected) {
      return this.#violation(
        packet,
        rules.nothingAfterDisconnect,
        ReasonCode.protocolError,
        'a packet after DISCONNECT',
      )
    }
    switch (packet.type) {
      case 'connect':
        return this.#checkConnect(packet)
      case 'publish':
        return this.#checkPublish(packet)
      case 'disconnect':
        return this.#checkDisconnect(packet)
      case 'auth': // we accept no Authentication Method, so no AUTH can follow
        return this.#violation(
          packet,
          rules.authUnasked,
          ReasonCode.protocolError,
          'AUTH without an Authentication Method',
        )
      default:
        return undefined
    }
  }

  /** The message under its topic, without the alias: that is between this client and us. */
  withTopic(packet: Publish): Publish {
    const { topicAlias, ...properties } = packet.properties
    if (topicAlias === undefined) return packet
    return { ...packet, topic: this.#aliases.get(topicAlias) ?? packet.topic, properties }
  }

  /** PUBACK, PUBCOMP or a refusing PUBREC went out. */
  acknowledged(packetId: number): void {
    this.#unacknowledged.delete(packetId)
  }

  wrongAcknowledgement(packet: Packet): Violation {
    const expected = packet.type === 'puback' || packet.type === 'pubcomp' ? rules.pubrecExpected : rules.pubackExpected
    const message = `${packet.type.toUpperCase()} does not acknowledge the message with this Packet Identifier`
    return this.#violation(packet, expected, ReasonCode.protocolError, message)
  }

  #checkConnect(packet: Connect): Violation | undefined {
    if (this.#connect !== undefined) {
      return this.#violation(packet, rules.connectOnce, ReasonCode.protocolError, 'a second CONNECT')
    }
    this.#connect = packet
    return undefined
  }

  #checkPublish(packet: Publish): Violation | undefined {
    return this.#checkAlias(packet) ?? this.#checkReceiveMaximum(packet)
  }

  #checkAlias(packet: Publish): Violation | undefined {
    const alias = packet.properties.topicAlias
    if (alias === undefined) return undefined
    const maximum = this.#limits.topicAliasMaximum
    if (alias > maximum) {
      const message = `Topic Alias ${alias} is above the Topic Alias Maximum ${maximum}`
      return this.#violation(packet, rules.aliasTooLarge, ReasonCode.topicAliasInvalid, message)
    }
    if (packet.topic !== '') this.#aliases.set(alias, packet.topic)
    else if (!this.#aliases.has(alias)) {
      return this.#violation(
        packet,
        rules.aliasUnknown,
        ReasonCode.protocolError,
        `Topic Alias ${alias} stands for nothing yet`,
      )
    }
    return undefined
  }

  /** At MQTT 5 alone; below it a client may send as many as there are identifiers. */
  #checkReceiveMaximum({ packetId, ...packet }: Publish): Violation | undefined {
    if (packetId === undefined) return undefined
    this.#unacknowledged.add(packetId)
    const { receiveMaximum } = this.#limits
    if (this.version < 5 || this.#unacknowledged.size <= receiveMaximum) return undefined
    const message = `more than ${receiveMaximum} unacknowledged messages`
    return this.#violation(packet, rules.receiveMaximum, ReasonCode.receiveMaximumExceeded, message)
  }

  #checkDisconnect(packet: Disconnect): Violation | undefined {
    const interval = packet.properties.sessionExpiryInterval ?? 0
    const before = this.#connect?.properties.sessionExpiryInterval ?? 0
    if (interval === 0 || before !== 0) {
      this.#isDisconnected = true
      return undefined
    }
    const message = 'a Session Expiry Interval in DISCONNECT, and none in CONNECT'
    return this.#violation(packet, rules.expiryAfterNone, ReasonCode.protocolError, message)
  }

  #violation(packet: Pick<Packet, 'type'> | undefined, rule: Rule, reasonCode: number, message: string): Violation {
    const fault = { offset: 0, rule: citation(rule, this.version), reasonCode, message }
    return packet === undefined ? fault : { packet: packet.type, ...fault }
  }
}
