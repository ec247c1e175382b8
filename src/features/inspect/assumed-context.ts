import type { Conversation } from '../../protocol/session/conversation-state.ts'
import { entryOf } from '../../protocol/session/packet-id-map.ts'
import { annotatePacket } from '../../protocol/wire/annotate-packet.ts'
import type { PacketType, ProtocolVersion, Sender } from '../../protocol/wire/packet.ts'
import { packetTypeOf, packetTypes, sendersOf } from '../../protocol/wire/packet-types.ts'

const connectCode = 1

/** What a packet's first byte says about who sent it, if it says it. */
export function onlySender(firstByte: number, version: ProtocolVersion): Sender | undefined {
  const form = packetTypes[firstByte >> 4]
  const senders = form === undefined ? [] : sendersOf(form, version)
  return senders.length === 1 ? senders[0] : undefined
}

/** The one side that sent everything, where the packets that only one side may send all come from the same. */
export function soleSender(wires: readonly Buffer[], version: ProtocolVersion): Sender | undefined {
  const told = new Set(wires.map((wire) => onlySender(wire[0] ?? 0, version)).filter((sender) => sender !== undefined))
  return told.size === 1 ? [...told][0] : undefined
}

/**
 * The version under which the fewest of these packets are malformed, the newest of equals. Until a CONNECT, which tells
 * its own, nothing in the bytes says it.
 */
export function likeliestVersion(wires: readonly Buffer[], sender: Sender | undefined): ProtocolVersion {
  const untold = wires.slice(0, firstConnect(wires))
  const faults = (version: ProtocolVersion) => untold.filter((wire) => !isWellFormed(wire, version, sender)).length
  const versions = [5, 4, 3] as const
  return versions.reduce<ProtocolVersion>((best, version) => (faults(version) < faults(best) ? version : best), 5)
}

/** Whether every version reads these packets as well-formed packets of its own: then the version is a guess. */
export function tellsVersion(wires: readonly Buffer[], sender: Sender | undefined): boolean {
  const untold = wires.slice(0, firstConnect(wires))
  const fits = ([4, 5] as const).map((version) => untold.every((wire) => isWellFormed(wire, version, sender)))
  return untold.length === 0 || fits[0] !== fits[1] || untold.every(isVersionless)
}

/** PINGREQ and PINGRESP are the same at every version. */
function isVersionless(wire: Buffer): boolean {
  const type = packetTypeOf(wire[0] ?? 0)
  return type === 'pingreq' || type === 'pingresp'
}

function firstConnect(wires: readonly Buffer[]): number {
  const index = wires.findIndex((wire) => (wire[0] ?? 0) >> 4 === connectCode)
  return index === -1 ? wires.length : index
}

function isWellFormed(wire: Buffer, version: ProtocolVersion, sender: Sender | undefined): boolean {
  const senders = sender === undefined ? (['client', 'server'] as const) : [sender]
  return senders.some((side) => isWellFormedFrom(wire, version, onlySender(wire[0] ?? 0, version) ?? side))
}

function isWellFormedFrom(wire: Buffer, version: ProtocolVersion, sender: Sender): boolean {
  return annotatePacket(wire, 0, wire.length, { version, sender }).violations.length === 0
}

/** An acknowledgement answers a publish that was seen: whose turn it is then says who sent it. */
const answersPublishOf: Readonly<Partial<Record<PacketType, 'publisher' | 'receiver'>>> = {
  puback: 'receiver',
  pubrec: 'receiver',
  pubrel: 'publisher',
  pubcomp: 'receiver',
}

/** Who sent a packet that both sides may send, and whether that is known from the packets around it. */
export function likelySender(
  wire: Buffer,
  conversation: Conversation,
  version: ProtocolVersion,
): { readonly sender: Sender; readonly isKnown: boolean } {
  const turn = answersPublishOf[packetTypeOf(wire[0] ?? 0) ?? 'connect']
  const publisher = turn === undefined ? undefined : publisherOf(wire, conversation)
  if (publisher !== undefined) {
    const isPublisher = turn === 'publisher'
    return { sender: isPublisher === (publisher === 'client') ? 'client' : 'server', isKnown: true }
  }
  const isClient = isWellFormedFrom(wire, version, 'client')
  const isServer = isWellFormedFrom(wire, version, 'server')
  return { sender: isServer && !isClient ? 'server' : 'client', isKnown: isClient !== isServer }
}

function publisherOf(wire: Buffer, { client, server }: Conversation): Sender | undefined {
  const seen = annotatePacket(wire, 0, wire.length, { version: 5, sender: 'client' })
  const packetId = seen.fields.find(({ name }) => name === 'packetId')?.value as number | undefined
  if (packetId === undefined) return undefined
  const ofClient = entryOf(client.inFlight, packetId) !== undefined
  const ofServer = entryOf(server.inFlight, packetId) !== undefined
  if (ofClient === ofServer) return undefined
  return ofClient ? 'client' : 'server'
}
