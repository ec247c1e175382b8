import type { Exchange } from '../observation/exchange.ts'
import type { Finding } from '../observation/finding.ts'
import type { InspectedPacket } from '../observation/inspected-packet.ts'
import { type Conceal, concealPacket, type FindRepeats } from '../protocol/conceal.ts'
import type { PublishReference } from '../protocol/session/facts.ts'
import type { WireEvent } from '../protocol/session/wire-event.ts'
import type { Packet } from '../protocol/wire/packet.ts'
import type { Field } from '../protocol/wire/violation.ts'

/** How to tell what a server repeats of the secrets that it was told. */
export interface Concealer {
  readonly conceal: Conceal
  readonly findRepeats: FindRepeats
}

/** A packet as a trace may show it. */
export function concealEvent(event: WireEvent, { conceal }: Concealer): WireEvent {
  const { sender, packet } = event
  if (sender !== 'server' || packet === undefined) return event
  return {
    ...event,
    packet: concealMessage(packet, conceal),
    facts: event.facts.map((fact) => concealTopic(fact, conceal)),
  }
}

/** A finding as a view may draw it: nearly always the very same, since a server seldom repeats a secret. */
export function concealFinding(finding: Finding, concealer: Concealer): Finding {
  switch (finding.finding) {
    case 'packet':
      return { ...finding, packet: concealInspected(finding.packet, concealer) }
    case 'exchange':
      return { ...finding, exchange: concealExchange(finding.exchange, concealer) }
    case 'opening': {
      const { connack } = finding.opening
      if (connack === undefined) return finding
      return { ...finding, opening: { ...finding.opening, connack: concealPacket(connack, concealer.conceal) } }
    }
    default:
      return finding
  }
}

function concealExchange(exchange: Exchange, concealer: Concealer): Exchange {
  const steps = exchange.steps.map((step) => concealInspected(step, concealer))
  return { ...concealTopic(exchange, concealer.conceal), steps }
}

function concealInspected(seen: InspectedPacket, { conceal, findRepeats }: Concealer): InspectedPacket {
  const repeats = seen.sender === 'server' ? findRepeats(seen.wire) : []
  if (repeats.length === 0) return seen
  const { packet, readable } = seen
  return {
    ...seen,
    ...(packet !== undefined && { packet: concealMessage(packet, conceal) }),
    ...(readable !== undefined && { readable: concealMessage(readable, conceal) }),
    fields: seen.fields.map((field) => concealField(field, conceal)),
    facts: seen.facts.map((fact) => concealTopic(fact, conceal)),
    repeats,
  }
}

/** Of a view, which draws and delivers nothing: topic and payload too. */
function concealMessage(packet: Packet, conceal: Conceal): Packet {
  if (packet.type !== 'publish') return concealPacket(packet, conceal)
  return {
    ...packet,
    topic: conceal(packet.topic),
    payload: concealBytes(packet.payload, conceal),
    properties: concealPacket({ ...packet, type: 'puback', packetId: 1, reasonCode: 0 }, conceal).properties,
  }
}

function concealBytes(bytes: Uint8Array, conceal: Conceal): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const words = conceal(text)
  return words === text ? bytes : Buffer.from(words, 'latin1')
}

/** Of a message that the server sent: our own topic is not the server's text. */
function concealTopic<About extends object>(about: About, conceal: Conceal): About {
  if (!('publish' in about)) return about
  const publish = about.publish as PublishReference | undefined
  if (publish?.sender !== 'server') return about
  return { ...about, publish: { ...publish, topic: conceal(publish.topic) } }
}

/** Texts, pairs of them, and payloads: whatever else a field holds cannot be a secret. */
function concealField(field: Field, conceal: Conceal): Field {
  const { value, name } = field
  if (name.startsWith('fixed header')) return field
  if (typeof value === 'string') return { ...field, value: conceal(value) }
  if (value instanceof Uint8Array) return { ...field, value: concealBytes(value, conceal) }
  return Array.isArray(value) ? { ...field, value: value.map((each) => conceal(String(each))) } : field
}
