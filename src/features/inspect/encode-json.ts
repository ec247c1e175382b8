import { redacted } from '../../protocol/redacted.ts'
import { annotatePacket } from '../../protocol/wire/annotate-packet.ts'
import { encodePacket } from '../../protocol/wire/encode-packet.ts'
import type { Packet, ProtocolVersion, Sender } from '../../protocol/wire/packet.ts'
import { onlySender } from './assumed-context.ts'
import { badField, JsonFields, redactedField } from './json-fields.ts'
import { packetFromJson, versionFromJson } from './packet-from-json.ts'

/** The packets that a text of JSON describes: one value, or one a line, as `decode --json` prints them. */
export function encodeJson(text: string, from: string, version: ProtocolVersion | undefined): readonly Buffer[] {
  const values = jsonValues(text, from)
  const packets = values.flatMap((value, index) => {
    const path = values.length === 1 ? 'packet' : `line ${index + 1}`
    const wire = encodeValue(value, path, version)
    return wire === undefined ? [] : [wire]
  })
  if (packets.length === 0) throw badField(from, 'has no packet in it', 'give at least {"type":"pingreq"}')
  return packets
}

function jsonValues(text: string, from: string): readonly unknown[] {
  try {
    return [JSON.parse(text)]
  } catch (cause) {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    if (lines.length < 2) throw notJson(from, cause)
    return lines.map((line, index) => parsed(line, `line ${index + 1} of ${from}`))
  }
}

function parsed(line: string, from: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw notJson(from, cause)
  }
}

/** The parser's message quotes the text, and there may be a password in it: only the place is taken. */
function notJson(from: string, cause: unknown): Error {
  const [, position] = /position (\d+)/.exec((cause as Error).message) ?? []
  const place = position === undefined ? '' : `, from character ${Number(position) + 1} on`
  return badField(from, `is not JSON${place}`, 'check quotes and commas')
}

/** What `--json` prints beside packets. */
const otherRecords = new Set<unknown>(['opening', 'first-message', 'summary'])

/** A record with `wire`, a record with `packet`, or a packet by itself; undefined for a record of another kind. */
function encodeValue(value: unknown, path: string, version: ProtocolVersion | undefined): Buffer | undefined {
  const fields = new JsonFields(value, path)
  const isRecord = fields.raw('type') === 'packet' || fields.has('packet') || fields.has('wire')
  if (otherRecords.has(fields.raw('type'))) return undefined
  if (!isRecord) return encodePacketJson(value, path, version, undefined)
  const wire = fields.raw('wire')
  if (wire !== undefined && wire !== redacted) return wireBytes(wire, fields.pathOf('wire'))
  if (!fields.has('packet')) throw wire === redacted ? redactedField(fields.pathOf('wire')) : noPacket(fields)
  const sender = fields.raw('sender') === 'server' ? 'server' : fields.has('sender') ? 'client' : undefined
  const said = version ?? versionFromJson(fields, 'protocolVersion')
  return encodePacketJson(fields.raw('packet'), fields.pathOf('packet'), said, sender)
}

function noPacket(fields: JsonFields): Error {
  return badField(fields.pathOf('packet'), 'is missing', 'a record needs packet or wire')
}

function wireBytes(wire: unknown, path: string): Buffer {
  if (typeof wire === 'string' && /^([0-9a-f]{2})+$/i.test(wire)) return Buffer.from(wire, 'hex')
  throw badField(path, 'is not hex', 'two digits a byte, nothing between them; or leave it out')
}

function encodePacketJson(
  value: unknown,
  path: string,
  said: ProtocolVersion | undefined,
  sender: Sender | undefined,
): Buffer {
  const fields = new JsonFields(value, path)
  const ownVersion = fields.raw('type') === 'connect' ? versionFromJson(fields, 'version') : undefined
  const version = ownVersion ?? said ?? 5
  const packet = packetFromJson(value, path, version)
  const wire = encoded(packet, version, path)
  refuseMalformed(wire, version, sender, path)
  return wire
}

function encoded(packet: Packet, version: ProtocolVersion, path: string): Buffer {
  try {
    return encodePacket(packet, version)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw badField(path, error.message, 'shorten it')
  }
}

/** What was built must be what a conforming peer sends: the field at the fault is named. */
function refuseMalformed(wire: Buffer, version: ProtocolVersion, sender: Sender | undefined, path: string): void {
  const senders: readonly Sender[] = sender === undefined ? sendersToTry(wire, version) : [sender]
  const readings = senders.map((side) => annotatePacket(wire, 0, wire.length, { version, sender: side }))
  const [reading] = readings
  if (reading === undefined || readings.some(({ violations }) => violations.length === 0)) return
  const [violation] = reading.violations
  if (violation === undefined) return
  const field = reading.fields.findLast(({ start, end }) => violation.offset >= start && violation.offset < end)
  throw badField(
    field === undefined ? path : `${path}.${field.name.replace(/^fixed header\./, '')}`,
    `${violation.message} ${violation.rule}`,
    'put bytes that break a rule into wire, as hex',
  )
}

function sendersToTry(wire: Buffer, version: ProtocolVersion): readonly Sender[] {
  const only = onlySender(wire[0] ?? 0, version)
  return only === undefined ? ['client', 'server'] : [only]
}
