import type { Finding } from '../../features/inspect/finding.ts'
import type { InspectedPacket } from '../../features/inspect/inspected-packet.ts'
import { jsonText } from '../json-text.ts'
import { type JsonRecord, packetRecord } from '../packet-record.ts'
import { redacted } from '../redacted.ts'
import { traceRecord } from '../trace-record.ts'
import { hiddenBytes } from './hidden-bytes.ts'
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
  const { v, packet: _, violation: __, facts, ...fields } = traceRecord(seen)
  const { packet, version, violations, streamOffset, wire, assumed, clientId } = seen
  const options = { showSecrets: style.showSecrets, withWillPayload: true }
  return {
    v,
    type: 'packet',
    ...untimed(fields, style),
    offset: streamOffset,
    ...(clientId === undefined ? {} : { clientId }),
    ...(packet === undefined ? {} : { packet: packetRecord(packet, version, options) }),
    violations,
    facts: (facts as readonly JsonRecord[]).map((fact) => untimed(fact, style)),
    ...(assumed.length === 0 ? {} : { assumed }),
    wire: style.showSecrets || hiddenBytes(seen).length === 0 ? wire.toString('hex') : redacted,
  }
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
