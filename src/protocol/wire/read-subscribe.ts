import { ReasonCode } from '../reason-code.ts'
import { topicFilterProblem } from '../topic-filter.ts'
import type { FieldReader } from './field-reader.ts'
import type { QoS, Subscribe, SubscriptionRequest, Unsubscribe } from './packet.ts'
import { newIdentifierRule, readPacketId, requireEntries } from './read-fields.ts'
import { readProperties } from './read-properties.ts'
import { rules } from './rules.ts'

export function readSubscribe(reader: FieldReader, flags: number): Subscribe {
  const packetId = readPacketId(reader, newIdentifierRule(reader))
  const properties = readProperties(reader, 'subscribe')
  requireEntries(reader, rules.subscribePayload, 'SUBSCRIBE has no Topic Filter')
  const subscriptions: SubscriptionRequest[] = []
  while (reader.at < reader.end) subscriptions.push(readRequest(reader, subscriptions.length))
  const subscribe = { type: 'subscribe', packetId, subscriptions, properties } as const
  return (flags & 8) === 0 ? subscribe : { ...subscribe, dup: true }
}

function readRequest(reader: FieldReader, index: number): SubscriptionRequest {
  const name = `subscriptions[${index}]`
  const span = reader.open(name, reader.at)
  const filter = readFilter(reader, `${name}.filter`)
  const optionsStart = reader.at
  const options = reader.byte(`${name}.options`)
  const request = optionsOf(filter, options)
  noteOptions(reader, `${name}.options`, request)
  checkOptions(reader, options, optionsStart)
  if (request.noLocal && filter.startsWith('$share/') && reader.version === 5) {
    reader.fault(rules.noLocalShared, optionsStart, ReasonCode.protocolError, 'No Local on a shared subscription')
  }
  reader.close(span)
  return request
}

function optionsOf(filter: string, options: number): SubscriptionRequest {
  return {
    filter,
    qos: (options & 3) as QoS,
    noLocal: (options & 4) !== 0,
    retainAsPublished: (options & 8) !== 0,
    retainHandling: ((options >> 4) & 3) as 0 | 1 | 2,
  }
}

function noteOptions(reader: FieldReader, name: string, request: SubscriptionRequest): void {
  const { qos, noLocal, retainAsPublished, retainHandling } = request
  reader.noteBits(name, reader.version === 5 ? { qos, noLocal, retainAsPublished, retainHandling } : { qos })
}

function checkOptions(reader: FieldReader, options: number, start: number): void {
  const reserved = reader.version === 5 ? 0xc0 : 0xfc
  if ((options & reserved) !== 0) {
    reader.fault(
      rules.subscribeReserved,
      start,
      ReasonCode.malformedPacket,
      'a reserved bit of the Subscription Options is set',
    )
  }
  if ((options & 3) === 3)
    reader.fault(rules.subscribeOptions, start, ReasonCode.protocolError, 'the requested QoS is 3')
  if (reader.version === 5 && (options & 0x30) === 0x30) {
    reader.fault(rules.subscribeOptions, start, ReasonCode.protocolError, 'Retain Handling is 3')
  }
}

function readFilter(reader: FieldReader, name: string): string {
  const start = reader.at
  const filter = reader.string(name)
  if (reader.stopped || filter.includes('\0')) return filter // a NUL has been reported as UTF-8
  const problem = topicFilterProblem(filter, reader.version)
  if (problem !== undefined) reader.fault(problem.rule, start, ReasonCode.malformedPacket, problem.message)
  return filter
}

export function readUnsubscribe(reader: FieldReader, flags: number): Unsubscribe {
  const packetId = readPacketId(reader, newIdentifierRule(reader))
  const properties = readProperties(reader, 'unsubscribe')
  requireEntries(reader, rules.unsubscribePayload, 'UNSUBSCRIBE has no Topic Filter')
  const filters: string[] = []
  while (reader.at < reader.end) filters.push(readFilter(reader, `filters[${filters.length}]`))
  const unsubscribe = { type: 'unsubscribe', packetId, filters, properties } as const
  return (flags & 8) === 0 ? unsubscribe : { ...unsubscribe, dup: true }
}
