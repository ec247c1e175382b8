import { reasonCode } from '../protocol/reason-codes.ts'
import type { Fact } from '../protocol/session/facts.ts'
import type { WireEvent } from '../protocol/session/wire-event.ts'
import type { PacketType } from '../protocol/wire/packet.ts'
import { type JsonRecord, packetRecord } from './packet-record.ts'

/** One packet of `--trace=json`, as `docs/schemas/trace.schema.json` describes it; `jsonText` makes it a line. */
export function traceRecord(event: WireEvent): JsonRecord {
  return {
    v: 1,
    ...placeRecord(event),
    ...(event.packet === undefined ? {} : { packet: packetRecord(event.packet, event.version) }),
    ...(event.violation === undefined ? {} : { violation: event.violation }),
    facts: event.facts.map(factRecord),
  }
}

/** Whose packet it was, and when it passed. */
export function placeRecord(event: WireEvent): JsonRecord {
  return {
    connection: event.connection,
    sender: event.sender,
    protocolVersion: event.version,
    atMicroseconds: event.atMicroseconds,
    sincePreviousMicroseconds: event.sincePreviousMicroseconds,
    bytes: event.bytes,
  }
}

/** A fact as it is, with the name beside each reason code. */
export function factRecord(fact: Fact): JsonRecord {
  switch (fact.kind) {
    case 'refused':
      return named(fact, 'connack')
    case 'disconnected':
      return named(fact, 'disconnect')
    case 'publish-completed':
    case 'publish-refused':
      return named(fact, fact.steps.at(-1)?.packet ?? 'puback')
    case 'subscription-refused':
      return named(fact, 'suback')
    case 'subscribed':
    case 'unsubscribed': {
      const { version, results, ...fields } = fact
      const packet = fact.kind === 'subscribed' ? 'suback' : 'unsuback'
      return { ...fields, results: results.map((result) => named({ ...result, version }, packet)) }
    }
    default:
      return { ...fact }
  }
}

function named(from: { readonly version: 3 | 4 | 5; readonly reasonCode?: number }, packet: PacketType): JsonRecord {
  const { version, ...fields } = from
  const name = from.reasonCode === undefined ? undefined : reasonCode(packet, version, from.reasonCode)?.name
  return name === undefined ? fields : { ...fields, reasonName: name }
}
