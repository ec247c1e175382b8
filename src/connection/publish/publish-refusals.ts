import { MqttCliError } from '../../errors.ts'
import { ReasonCode } from '../../protocol/reason-code.ts'
import { identifierOfPublish } from '../../protocol/session/order-rules.ts'
import type { ProtocolVersion, QoS } from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'
import type { AcknowledgementType } from '../link/gate.ts'

/** What the broker announced does not allow this publish. */
export function notAccepted(problem: { readonly rule: string; readonly message: string }): MqttCliError {
  return new MqttCliError('refused', `The broker does not take this publish: ${problem.message}`, {
    layer: 'PUBLISH',
    statement: problem.rule,
    tries: [{ try: 'trace', toSee: 'what the broker announced in CONNACK' }],
  })
}

/** An acknowledgement that does not go with the QoS of what it acknowledges. */
export function wrongType(type: AcknowledgementType, packetId: number, qos: QoS, version: ProtocolVersion): Violation {
  const { five, below } = identifierOfPublish
  const answered = `the broker answers a QoS ${qos} publish with ${type.toUpperCase()}`
  const rabbitMq = type === 'puback' ? ', as RabbitMQ does, which takes QoS 0 and 1 only' : ''
  const message = `${answered} (packet identifier ${packetId})${rabbitMq}`
  return { packet: type, offset: 2, rule: version === 5 ? five : below, reasonCode: ReasonCode.protocolError, message }
}
