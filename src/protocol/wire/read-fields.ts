import { ReasonCode } from '../reason-code.ts'
import { reasonCode } from '../reason-codes.ts'
import { topicNameProblem } from '../topic-name.ts'
import type { FieldReader } from './field-reader.ts'
import type { PacketType } from './packet.ts'
import { only5, type Rule, rules } from './rules.ts'

/** Fields that several packets share. */

/** Never 0, whoever chose it. */
export function readPacketId(reader: FieldReader, rule: Rule): number {
  const start = reader.at
  const packetId = reader.uint16('packetId')
  if (packetId === 0) reader.fault(rule, start, ReasonCode.protocolError, 'the Packet Identifier is 0')
  return packetId
}

/** The rule under which the sender of a SUBSCRIBE, UNSUBSCRIBE or PUBLISH takes an identifier. */
export function newIdentifierRule(reader: FieldReader): Rule {
  return reader.sender === 'client' ? rules.identifierFromClient : rules.identifierFromServer
}

const reasonRules: Readonly<Partial<Record<PacketType, Rule>>> = {
  connack: { v5: '[MQTT-3.2.2-8]', v3: '[MQTT3.1.1 §3.2.2.3]' },
  puback: only5('[MQTT-3.4.2-1]'),
  pubrec: only5('[MQTT-3.5.2-1]'),
  pubrel: only5('[MQTT-3.6.2-1]'),
  pubcomp: only5('[MQTT-3.7.2-1]'),
  suback: { v5: '[MQTT-3.9.3-2]', v3: '[MQTT-3.1.1:3.9.3-2]' },
  unsuback: only5('[MQTT-3.11.3-2]'),
  disconnect: only5('[MQTT-3.14.2-1]'),
  auth: only5('[MQTT-3.15.2-1]'),
}

/** One that this packet, from this sender, may carry. */
export function readReasonCode(reader: FieldReader, packet: PacketType, name = 'reasonCode'): number {
  const start = reader.at
  const code = reader.byte(name)
  if (!reader.stopped) checkReasonCode(reader, packet, code, start)
  return code
}

export function checkReasonCode(reader: FieldReader, packet: PacketType, code: number, start: number): void {
  if (reasonCode(packet, reader.version, code, reader.sender) !== undefined) return
  const hex = `0x${code.toString(16).padStart(2, '0')}`
  const message = `${hex} is not a reason code that a ${reader.sender} may send in ${packet.toUpperCase()}`
  reader.fault(reasonRules[packet]!, start, ReasonCode.protocolError, message)
}

/** `rule` is what a wildcard breaks here. */
export function checkTopicName(reader: FieldReader, topic: string, start: number, rule: Rule): void {
  // A decoded string is well-formed, has no NUL and fits two length bytes: this is all that can still be wrong.
  if (topic !== '' && !topic.includes('+') && !topic.includes('#')) return
  const problem = topicNameProblem(topic)
  if (problem === undefined) return
  if (topic === '') reader.fault(rules.topicNotEmpty, start, ReasonCode.protocolError, problem.message)
  else reader.fault(rule, start, ReasonCode.malformedPacket, problem.message)
}

/** A payload of one or more entries that has none. */
export function requireEntries(reader: FieldReader, rule: Rule, message: string): void {
  if (reader.at >= reader.end) reader.fault(rule, reader.at, ReasonCode.protocolError, message)
}

/** A field that the flags promise and that does not even begin. */
export function requirePresent(reader: FieldReader, rule: Rule, name: string): void {
  if (reader.at < reader.end) return
  reader.fault(rule, reader.at, ReasonCode.malformedPacket, `${name} is missing`)
  reader.stop()
}
