import type { CaptureTotals } from '../../features/inspect/file/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { tableLines } from './table-lines.ts'

const reasons: Readonly<Record<keyof CaptureTotals['unreadable'], string>> = {
  'other-protocol': 'with something else than MQTT',
  'tls-without-keys': 'of TLS, which --keylog-file would open',
  'tls-not-known': 'of TLS whose keys are not in the key log, or whose cipher is not known',
  'no-packet-found': 'without a packet that could be found: begun before the capture',
}

/** What the whole file had, and what of it could not be read. */
export function captureTotalsLines(totals: CaptureTotals, theme: Theme): readonly string[] {
  return [
    '',
    theme.heading(`Capture: ${counted(totals.frames, 'frame')}, ${counted(totals.connections, 'connection')} of MQTT`),
    ...notRead(totals).map((line) => theme.muted(`  ${line}`)),
    ...topicLines(totals, theme),
  ]
}

function notRead(totals: CaptureTotals): readonly string[] {
  const { cutOffFrames, incompletePackets, connectionsGivenUp, unknownLinkTypes, unreadable } = totals
  const others = Object.entries(unreadable).map(
    ([why, count]) => `${counted(count, 'connection')} ${reasons[why as keyof typeof reasons]}`,
  )
  const lines: readonly (string | false)[] = [
    ...others,
    cutOffFrames > 0 &&
      `${counted(cutOffFrames, 'frame')} cut off by the capture: take it with a larger snapshot length (-s 0)`,
    incompletePackets > 0 && `${counted(incompletePackets, 'IP packet')} of which fragments are missing`,
    connectionsGivenUp > 0 && `${counted(connectionsGivenUp, 'connection')} given up, as there were too many at a time`,
    unknownLinkTypes.length > 0 && `link types that are not known here: ${unknownLinkTypes.join(', ')}`,
  ]
  return lines.filter((line) => line !== false)
}

function topicLines({ topTopics, topics }: CaptureTotals, theme: Theme): readonly string[] {
  if (topTopics.length === 0) return []
  const rows = topTopics.map(({ topic, messages, payloadBytes }) => [
    escapeForTerminal(topic),
    String(messages),
    String(payloadBytes),
  ])
  const title = topics > topTopics.length ? `Topics, the first ${topTopics.length} of ${topics}` : 'Topics'
  return [
    '',
    theme.heading(title),
    ...tableLines([['topic', 'messages', 'payload bytes'], ...rows], new Set([1, 2])).map((line) => `  ${line}`),
  ]
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
