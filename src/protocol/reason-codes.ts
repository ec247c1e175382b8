import { auth5 } from './reason-codes/auth.ts'
import { connackBelow5, suback31, suback311 } from './reason-codes/below-5.ts'
import { connack5 } from './reason-codes/connack.ts'
import { disconnect5 } from './reason-codes/disconnect.ts'
import { pubcomp5, publishOutcome5, pubrel5 } from './reason-codes/publish.ts'
import type { ReasonCodeMeaning, ReasonCodeTable } from './reason-codes/reason-code-meaning.ts'
import { suback5, unsuback5 } from './reason-codes/subscribe.ts'
import type { PacketType, ProtocolVersion, Sender } from './wire/packet.ts'

export type { ReasonCodeMeaning } from './reason-codes/reason-code-meaning.ts'

const none: ReasonCodeTable = new Map()

const tables5: ReadonlyMap<PacketType, ReasonCodeTable> = new Map([
  ['connack', connack5],
  ['puback', publishOutcome5],
  ['pubrec', publishOutcome5],
  ['pubrel', pubrel5],
  ['pubcomp', pubcomp5],
  ['suback', suback5],
  ['unsuback', unsuback5],
  ['disconnect', disconnect5],
  ['auth', auth5],
])

const tables311: ReadonlyMap<PacketType, ReasonCodeTable> = new Map([
  ['connack', connackBelow5],
  ['suback', suback311],
])

const tables31: ReadonlyMap<PacketType, ReasonCodeTable> = new Map([
  ['connack', connackBelow5],
  ['suback', suback31],
])

const tablesByVersion = { 3: tables31, 4: tables311, 5: tables5 } as const

/** The codes that this packet can carry on the wire; empty for a packet that carries none at this version. */
export function reasonCodesOf(packet: PacketType, version: ProtocolVersion): ReadonlyMap<number, ReasonCodeMeaning> {
  return tablesByVersion[version].get(packet) ?? none
}

/** With `sender`, only what that side may say: DISCONNECT and AUTH differ. */
export function reasonCode(
  packet: PacketType,
  version: ProtocolVersion,
  code: number,
  sender?: Sender,
): ReasonCodeMeaning | undefined {
  const found = reasonCodesOf(packet, version).get(code)
  if (found?.sender !== undefined && sender !== undefined && found.sender !== sender) return undefined
  return found
}

/**
 * Why a publish was refused. A code that the standard does not list there has the name that it has in DISCONNECT, where
 * most of them are: mosquitto 2.0 refuses what is above its `message_size_limit` with 0x95.
 */
export function publishRefusalReason(version: ProtocolVersion, code: number): ReasonCodeMeaning | undefined {
  const listed = reasonCode('puback', version, code)
  const named = listed ?? reasonCode('disconnect', version, code)
  if (listed !== undefined || named === undefined) return named
  return { code, name: named.name, meaning: `${named.meaning} The standard does not list this code here.`, causes: [] }
}

/** For people: `0x87 Not authorized`. A number that this packet may not carry is named as such, never guessed at. */
export function describeReason(packet: PacketType, version: ProtocolVersion, code: number): string {
  const hex = `0x${code.toString(16).toUpperCase().padStart(2, '0')}`
  return `${hex} ${reasonCode(packet, version, code)?.name ?? `(no reason code of ${packet.toUpperCase()})`}`
}
