import type { InspectedPacket } from '../../../observation/inspected-packet.ts'
import { encodePacket } from '../../../protocol/wire/encode-packet.ts'
import { fixedHeaderBytes } from '../../../protocol/wire/fixed-header.ts'
import type { Random } from '../../../seeded-random.ts'
import type { FaultDone } from '../events.ts'
import type { FaultEffect } from '../settings.ts'
import { refusalOf } from './refusal.ts'

/** What is to be done with a packet that faults befall. */
export interface Outcome {
  /** What the receiver gets: nothing, the packet, the packet twice. */
  readonly forward: readonly Buffer[]
  readonly delayMs: number
  /** What its sender gets instead of the receiver's answer. */
  readonly answer?: Buffer
  /** After what is sent. */
  readonly close?: 'fin' | 'reset'
  /** What happened, for who watches. */
  readonly done: readonly FaultDone[]
}

/** A packet that is dropped is not refused, and one that is refused is not altered; all other effects add up. */
export function outcomeOf(packet: InspectedPacket, effects: readonly FaultEffect[], random: Random): Outcome {
  const told = { sender: packet.sender, ...nameOf(packet) }
  const close = effects.find((effect) => effect.fault === 'close-after')
  const closing = close === undefined ? {} : { close: close.by }
  const closed: readonly FaultDone[] = close === undefined ? [] : [{ ...told, effect: close }]
  const drop = effects.find(({ fault }) => fault === 'drop')
  if (drop !== undefined) return { forward: [], delayMs: 0, ...closing, done: [{ ...told, effect: drop }, ...closed] }
  const refused = refusedOutcome(packet, effects)
  if (refused !== undefined) {
    const close = packet.packet?.type === 'connect' ? { close: 'fin' as const } : closing // [MQTT-3.2.2-7]
    return { ...refused, ...close, done: [{ ...told, effect: refused.effect }, ...closed] }
  }
  const altered = alteredOutcome(packet, effects, random)
  return { ...altered, ...closing, done: [...altered.done.map((each) => ({ ...told, ...each })), ...closed] }
}

function nameOf({ readable, violation }: InspectedPacket): Pick<FaultDone, 'packet' | 'packetId'> {
  const type = readable?.type ?? violation?.packet
  const packetId = readable !== undefined && 'packetId' in readable ? readable.packetId : undefined
  return { ...(type !== undefined && { packet: type }), ...(packetId !== undefined && { packetId }) }
}

function refusedOutcome({ packet, version }: InspectedPacket, effects: readonly FaultEffect[]) {
  const effect = effects.find((effect) => effect.fault === 'refuse')
  if (effect === undefined || packet === undefined) return undefined
  const answer = refusalOf(packet, effect.reasonCode, version)
  if (answer === undefined) return undefined
  const spoken = packet.type === 'connect' ? packet.version : version
  return { forward: [], delayMs: 0, answer: encodePacket(answer, spoken), effect }
}

function alteredOutcome({ wire }: InspectedPacket, effects: readonly FaultEffect[], random: Random) {
  const done: { effect: FaultEffect; offset?: number }[] = []
  let bytes = wire
  let copies = 1
  let delayMs = 0
  for (const effect of effects) {
    if (effect.fault === 'corrupt') {
      const offset = offsetIn(wire, effect.place, random)
      bytes = withBitFlipped(bytes, offset, random)
      done.push({ effect, offset })
    } else if (effect.fault === 'duplicate') {
      copies = 2
      done.push({ effect })
    } else if (effect.fault === 'delay') {
      delayMs += effect.delayMs
      done.push({ effect })
    }
  }
  return { forward: copies === 1 ? [bytes] : [bytes, bytes], delayMs, done }
}

function offsetIn(wire: Buffer, place: 'header' | 'body' | 'any', random: Random): number {
  const header = Math.min(wire.length, fixedHeaderBytes(wire))
  const [from, to] =
    place === 'header' ? [0, header] : [place === 'body' && header < wire.length ? header : 0, wire.length]
  return from + Math.floor(random() * (to - from))
}

function withBitFlipped(bytes: Buffer, offset: number, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  copy[offset] = (copy[offset] ?? 0) ^ (1 << Math.floor(random() * 8))
  return copy
}
