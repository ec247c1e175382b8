import type { PacketType, ProtocolVersion, Sender } from './packet.ts'
import { type Rule, rules } from './rules.ts'

/** What the first byte of a control packet must look like, and who may send it. */
export interface PacketTypeRow {
  /** The high four bits of the first byte. */
  readonly code: number
  readonly type: PacketType
  /** The low four bits, or undefined for PUBLISH, where they mean something. */
  readonly flags: number | undefined
  readonly flagsRule: Rule
  readonly from5: readonly Sender[]
  /** Below MQTT 5; empty: the packet does not exist there. */
  readonly fromBelow5: readonly Sender[]
}

const both: readonly Sender[] = ['client', 'server']
const client: readonly Sender[] = ['client']
const server: readonly Sender[] = ['server']

function form(
  code: number,
  type: PacketType,
  from: readonly Sender[],
  more: Partial<PacketTypeRow> = {},
): PacketTypeRow {
  return { code, type, flags: 0, flagsRule: rules.flags, from5: from, fromBelow5: from, ...more }
}

/** All control packets, indexed by their code; 0 is reserved. */
export const packetTypes: readonly (PacketTypeRow | undefined)[] = [
  undefined,
  form(1, 'connect', client),
  form(2, 'connack', server),
  form(3, 'publish', both, { flags: undefined }),
  form(4, 'puback', both),
  form(5, 'pubrec', both),
  form(6, 'pubrel', both, { flags: 2, flagsRule: { v5: '[MQTT-3.6.1-1]', v3: '[MQTT-3.1.1:3.6.1-1]' } }),
  form(7, 'pubcomp', both),
  form(8, 'subscribe', client, { flags: 2, flagsRule: { v5: '[MQTT-3.8.1-1]', v3: '[MQTT-3.1.1:3.8.1-1]' } }),
  form(9, 'suback', server),
  form(10, 'unsubscribe', client, { flags: 2, flagsRule: { v5: '[MQTT-3.10.1-1]', v3: '[MQTT-3.1.1:3.10.1-1]' } }),
  form(11, 'unsuback', server),
  form(12, 'pingreq', client),
  form(13, 'pingresp', server),
  form(14, 'disconnect', both, {
    fromBelow5: client,
    flagsRule: { v5: '[MQTT-3.14.1-1]', v3: '[MQTT-3.1.1:3.14.1-1]' },
  }),
  form(15, 'auth', both, { fromBelow5: [], flagsRule: { v5: '[MQTT-3.15.1-1]', v3: '[MQTT-3.1.1:2.2.2-2]' } }),
]

/** The name in the first byte, whatever the version: code 15 is AUTH even where AUTH does not exist. */
export function packetTypeOf(firstByte: number): PacketType | undefined {
  return packetTypes[firstByte >> 4]?.type
}

/** Type 0 is reserved, and AUTH does not exist below MQTT 5: whatever follows such a byte is no packet. */
export function mayBeginPacket(firstByte: number, version: ProtocolVersion): boolean {
  return firstByte >= 0x10 && (version === 5 || firstByte < 0xf0)
}

const codes: ReadonlyMap<PacketType, number> = new Map(
  packetTypes.filter((row) => row !== undefined).map((row) => [row.type, row.code]),
)

export function packetCode(type: PacketType): number {
  return codes.get(type)!
}

/** The flags that every packet of this type carries; 0 for PUBLISH. */
export function fixedFlags(type: PacketType): number {
  return packetTypes[packetCode(type)]!.flags ?? 0
}

export function sendersOf(row: PacketTypeRow, version: ProtocolVersion): readonly Sender[] {
  return version === 5 ? row.from5 : row.fromBelow5
}
