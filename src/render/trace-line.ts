import type { WireEvent } from '../protocol/session/wire-event.ts'
import type { Violation } from '../protocol/wire/violation.ts'
import { escapeForTerminal } from './escape.ts'
import { factText } from './fact-text.ts'
import { type PacketContext, packetLine } from './packet-line.ts'
import type { Theme } from './theme.ts'

const timeColumns = 9

/**
 * One packet of `--trace=text`, without the line's end: µs since the start, µs since the packet before, direction, the
 * packet, and what it meant. Escaped also in a file, since files are shown on terminals.
 */
export function traceLine(event: WireEvent, theme: Theme): string {
  const times = `${microseconds(event.atMicroseconds)} ${microseconds(event.sincePreviousMicroseconds, '+')}`
  return `${theme.muted(times)}${eventText(event, theme)}`
}

/** What stands behind the times: also for bytes that nobody timed, and then without any duration. */
export function eventText(event: WireEvent, theme: Theme, isTimed = true): string {
  const facts = event.facts.map((fact) => factText(fact, theme, isTimed)).filter((text) => text !== undefined)
  const what = [whatPassed(event, theme), ...facts].join(theme.muted(' · '))
  const connection = event.connection === 1 ? '' : ` c${event.connection}`
  return `${connection} ${arrow(event, theme)} ${what}`
}

function microseconds(count: number, sign = ''): string {
  return `${`${sign}${count}`.padStart(timeColumns)} µs`
}

function arrow({ sender }: WireEvent, theme: Theme): string {
  return sender === 'client' ? theme.sent('→') : theme.received('←')
}

function whatPassed(event: WireEvent, theme: Theme): string {
  if (event.packet !== undefined) return packetLine(event.packet, event.version, theme, contextOf(event))
  if (event.violation !== undefined) return theme.refused(violationText(event.violation, event.bytes))
  return `${event.bytes} B`
}

function contextOf({ facts }: WireEvent): PacketContext {
  for (const fact of facts) {
    if (fact.kind === 'publish-started' || fact.kind === 'duplicate') return { topic: fact.publish.topic }
    if (fact.kind === 'subscribed' || fact.kind === 'unsubscribed') {
      return { filters: fact.results.map(({ filter }) => filter) }
    }
  }
  return {}
}

function violationText({ packet, message, offset, rule }: Violation, bytes: number): string {
  const name = packet === undefined ? 'not MQTT' : `bad ${packet.toUpperCase()}`
  return `${name}, ${bytes} B: ${escapeForTerminal(message)}, at byte ${offset} ${rule}`
}
