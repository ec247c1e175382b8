import type { Exchange } from '../../observation/exchange.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { isFailure } from '../../protocol/reason-code.ts'
import { describeReason } from '../../protocol/reason-codes.ts'
import { publishName } from '../fact-text.ts'
import { quoted } from '../quoted.ts'
import type { Theme } from '../theme.ts'
import { joinLines, type View, type ViewStyle } from './view.ts'
import { violationLines } from './violation-lines.ts'

/** Between the two lifelines. */
const arrowColumns = 60
const timeColumns = 12

/** Each exchange as a diagram of its own, drawn when it ends: two lifelines, an arrow a packet, the time beside it. */
export function sequenceView(style: ViewStyle): View {
  return {
    heading: '',
    draw: (finding) =>
      finding.finding === 'exchange' ? joinLines([...exchangeLines(finding.exchange, style), '']) : '',
  }
}

function exchangeLines(exchange: Exchange, style: ViewStyle): readonly string[] {
  const { theme } = style
  const heads = `  ${theme.sent('client')}${' '.repeat(arrowColumns - 5)}${theme.received('broker')}`
  const arrows = exchange.steps.flatMap((step, index) => [
    arrowLine(step, sincePrevious(exchange.steps, index), style),
    ...violationLines(step, theme).map((line) => `      ${line}`),
  ])
  return [titleOf(exchange, style), heads, ...arrows]
}

function titleOf(exchange: Exchange, { theme, isTimed }: ViewStyle): string {
  const connection = exchange.connection === 1 ? '' : `c${exchange.connection} `
  const elapsed = isTimed && exchange.steps.length > 1 ? `${exchange.elapsedMicroseconds} µs` : ''
  return `${connection}${theme.heading(subjectOf(exchange))}${outcomeText(exchange, elapsed, theme)}`
}

function outcomeText({ outcome, steps }: Exchange, elapsed: string, theme: Theme): string {
  if (outcome === 'open') return `, ${theme.warning('unfinished')}`
  if (outcome === 'refused') return `, ${theme.refused('refused')}${elapsed && ` after ${elapsed}`}`
  return steps.length === 1 ? '' : `, ${theme.accepted('complete')}${elapsed && ` in ${elapsed}`}`
}

function subjectOf({ kind, publish, steps }: Exchange): string {
  const [first] = steps
  if (publish !== undefined) return `${publishName(publish)} QoS ${publish.qos}`
  const packet = first?.packet
  if (packet?.type === 'connect') return `connect ${quoted(assignedId(steps) ?? packet.clientId)}`
  if (packet?.type === 'subscribe')
    return `subscribe ${packet.subscriptions.map(({ filter }) => quoted(filter)).join(', ')}`
  if (packet?.type === 'unsubscribe') return `unsubscribe ${packet.filters.map(quoted).join(', ')}`
  return kind === 'single' ? (packet?.type ?? 'bad packet') : kind
}

/** Whom a server gave an identifier is known by it. */
function assignedId(steps: Exchange['steps']): string | undefined {
  const answers = steps.map(({ packet }) => packet)
  return answers.find((packet) => packet?.type === 'connack')?.properties.assignedClientIdentifier
}

function sincePrevious(steps: readonly InspectedPacket[], index: number): number | undefined {
  const previous = steps[index - 1]
  return previous === undefined ? undefined : (steps[index]?.atMicroseconds ?? 0) - previous.atMicroseconds
}

/** `|-- PUBLISH mid=1 ------>|   +210 µs`: towards the broker, or back. */
function arrowLine(step: InspectedPacket, elapsed: number | undefined, { theme, isTimed }: ViewStyle): string {
  const label = shortened(stepLabel(step))
  const dashes = '-'.repeat(Math.max(2, arrowColumns - label.length - 5))
  const toBroker = step.sender === 'client'
  const arrow = toBroker ? `-- ${label} ${dashes}>` : `<${dashes} ${label} --`
  const time = elapsed === undefined ? `${step.atMicroseconds}` : `+${elapsed}`
  const timeText = isTimed ? theme.muted(`${time} µs`.padStart(timeColumns)) : ''
  return `    |${(toBroker ? theme.sent : theme.received)(arrow)}|${timeText}`.trimEnd()
}

function shortened(label: string): string {
  const most = arrowColumns - 7 // two dashes on each side, two blanks, the point
  return label.length > most ? `${label.slice(0, most - 1)}…` : label
}

/** A packet in a few words, for an arrow: name, identifier, and a reason that is not simply success. No text of a peer's. */
function stepLabel({ packet, violation, version, facts }: InspectedPacket): string {
  if (packet === undefined)
    return violation?.packet === undefined ? 'not MQTT' : `bad ${violation.packet.toUpperCase()}`
  const words = [packet.type.toUpperCase()]
  if (packet.type === 'publish') words.push(`qos=${packet.qos}`)
  if ('packetId' in packet && packet.packetId !== undefined) words.push(`mid=${packet.packetId}`)
  if ('dup' in packet && packet.dup === true) words.push('dup')
  const failing = codesIn(packet).filter((code) => code !== 0 && (isFailure(code) || packet.type !== 'suback'))
  words.push(...failing.map((code) => describeReason(packet.type, version, code)))
  if (facts.some(({ kind }) => kind === 'duplicate')) words.push('again')
  if (facts.some(({ kind }) => kind === 'unmatched-acknowledgement')) words.push('unmatched')
  return words.join(' ')
}

function codesIn(packet: NonNullable<InspectedPacket['packet']>): readonly number[] {
  if ('reasonCodes' in packet) return packet.reasonCodes
  return 'reasonCode' in packet ? [packet.reasonCode] : []
}
