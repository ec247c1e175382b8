import type { Summary } from '../../observation/summary.ts'
import { describeReason } from '../../protocol/reason-codes.ts'
import type { Sender } from '../../protocol/wire/packet.ts'
import { escapeForTerminal } from '../escape.ts'
import { publishName } from '../fact-text.ts'
import type { Theme } from '../theme.ts'
import { tableLines } from './table-lines.ts'

const mostUnfinished = 20

/** The summary at the end: what passed, how long handshakes took, what is open, and what was wrong. */
export function summaryLines(summary: Summary, theme: Theme): readonly string[] {
  return [
    '',
    theme.heading('Summary'),
    ...filterNote(summary),
    ...packetTable(summary),
    ...handshakeTable(summary),
    ...section('Reason codes', reasonLines(summary)),
    ...section('Unfinished handshakes', unfinishedLines(summary), theme.warning),
    ...section('Violations', violationLines(summary), theme.refused),
  ]
}

/** A filter chooses what is shown, not what is counted. */
function filterNote({ packets, shownPackets }: Summary): readonly string[] {
  if (shownPackets === undefined) return []
  const all = packets.reduce((sum, { packets: count }) => sum + count, 0)
  return [indented(`of everything that passed; --filter showed ${shownPackets} of ${all} packets`), '']
}

function packetTable({ packets }: Summary): readonly string[] {
  const rows = packets.map(({ sender, type, packets: count, bytes }) => [
    type?.toUpperCase() ?? 'not MQTT',
    direction(sender),
    `${count}`,
    `${bytes}`,
  ])
  return tableLines([['packet', 'direction', 'count', 'bytes'], ...rows], new Set([2, 3])).map(indented)
}

function handshakeTable({ handshakes }: Summary): readonly string[] {
  if (handshakes.length === 0) return []
  const rows = handshakes.map(({ qos, sender, count, p50Microseconds, p99Microseconds, maxMicroseconds }) => [
    `QoS ${qos}`,
    direction(sender),
    `${count}`,
    ...[p50Microseconds, p99Microseconds, maxMicroseconds].map((microseconds) => `${microseconds} µs`),
  ])
  const table = [['handshake', 'direction', 'count', 'p50', 'p99', 'max'], ...rows]
  return ['', ...tableLines(table, new Set([2, 3, 4, 5])).map(indented)]
}

function reasonLines({ reasonCodes }: Summary): readonly string[] {
  return reasonCodes.map(
    ({ packet, protocolVersion, reasonCode, count }) =>
      `${packet.toUpperCase()} ${describeReason(packet, protocolVersion, reasonCode)}: ${count}`,
  )
}

function unfinishedLines({ unfinished }: Summary): readonly string[] {
  const lines = unfinished
    .slice(0, mostUnfinished)
    .map(({ publish, awaits }) => `${publishName(publish)} mid=${publish.packetId}: no ${awaits.toUpperCase()}`)
  return unfinished.length > mostUnfinished ? [...lines, `… ${unfinished.length - mostUnfinished} more`] : lines
}

function violationLines({ violations, otherViolations }: Summary): readonly string[] {
  const lines = violations.map(
    ({ by, rule, message, count }) => `${rule} by the ${by}, ${count} times: ${escapeForTerminal(message)}`,
  )
  return otherViolations > 0 ? [...lines, `… ${otherViolations} of other kinds`] : lines
}

function section(title: string, lines: readonly string[], paint = (text: string) => text): readonly string[] {
  return lines.length === 0 ? [] : ['', indented(title), ...lines.map((line) => `    ${paint(line)}`)]
}

function direction(sender: Sender): string {
  return sender === 'client' ? '→ to broker' : '← to client'
}

function indented(line: string): string {
  return `  ${line}`
}
