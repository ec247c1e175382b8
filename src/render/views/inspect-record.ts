import type { Finding } from '../../observation/finding.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { redacted } from '../../protocol/redacted.ts'
import { redactedRanges } from '../../protocol/wire/redact-bytes.ts'
import { jsonText } from '../json-text.ts'
import { type JsonRecord, largestRecordedBytes, packetRecord } from '../packet-record.ts'
import { factRecord, placeRecord } from '../trace-record.ts'
import type { View, ViewStyle } from './view.ts'

/** One object a line: packets as a trace has them, with their bytes; then how the connection opened, and the summary. */
export function jsonView(style: ViewStyle): View {
  return {
    heading: '',
    draw: (finding) => {
      const record = findingRecord(finding, style)
      return record === undefined ? '' : `${jsonText(record)}\n`
    },
  }
}

/** As `docs/schemas/inspect-*.schema.json` describe it. */
export function findingRecord(finding: Finding, style: ViewStyle): JsonRecord | undefined {
  switch (finding.finding) {
    case 'packet':
      return inspectedRecord(finding.packet, style)
    case 'opening': {
      const { connack, ...opening } = finding.opening
      const packet = connack === undefined ? {} : { connack: packetRecord(connack, opening.protocolVersion, style) }
      return { v: 1, type: 'opening', ...opening, ...packet }
    }
    case 'first-message':
      return { v: 1, type: 'first-message', ...finding.message }
    case 'summary':
      return { v: 1, type: 'summary', ...finding.summary }
    case 'exchange':
      return undefined // its packets have told it
  }
}

/** What a trace tells of the packet, where it was among the bytes, and the bytes, unless there is a secret in them. */
function inspectedRecord(seen: InspectedPacket, style: ViewStyle): JsonRecord {
  const { packet, version, clientId, assumed } = seen
  const options = { showSecrets: style.showSecrets, withWillPayload: true }
  // Filled in place: a proxy draws 100,000 a second, and what is optional costs a copy each when it is spread.
  const record: Record<string, unknown> = { v: 1, type: 'packet' }
  Object.assign(record, untimed(placeRecord(seen), style))
  record.offset = seen.streamOffset
  if (clientId !== undefined) record.clientId = clientId
  if (packet !== undefined) record.packet = packetRecord(packet, version, options)
  else if (seen.readable !== undefined) record.readable = packetRecord(seen.readable, version, options)
  record.violations = seen.violations
  record.facts = seen.facts.map((fact) => untimed(factRecord(fact), style))
  if (assumed.length > 0) record.assumed = assumed
  if (seen.wire.length <= largestRecordedBytes) record.wire = wireText(seen, style)
  return record
}

function wireText(seen: InspectedPacket, style: ViewStyle): string {
  return style.showSecrets || redactedRanges(seen).length === 0 ? seen.wire.toString('hex') : redacted
}

/** Times of bytes that nobody timed would all be 0. */
function untimed(record: JsonRecord, { isTimed }: ViewStyle): JsonRecord {
  if (isTimed) return record
  const fields = Object.entries(record).filter(([key]) => !key.endsWith('Microseconds') && key !== 'steps')
  return Object.fromEntries(
    fields.map(([key, value]) => [
      key,
      key === 'publish' ? untimed(value as JsonRecord, { isTimed } as ViewStyle) : value,
    ]),
  )
}
