import type { ArrivedMessage, DemoEvent, DemoSection } from '../features/demo/events.ts'
import { decodeUtf8 } from '../payload/decode-utf8.ts'
import type { WireEvent } from '../protocol/session/wire-event.ts'
import type { PacketType } from '../protocol/wire/packet.ts'
import { escapeForTerminal } from './escape.ts'
import { packetLine } from './packet-line.ts'
import { createTheme, type Theme } from './theme.ts'

interface DemoStyle {
  readonly theme: Theme
  /** How to start this program, for the last line. */
  readonly program: string
}

const headings: Readonly<Record<DemoSection, string>> = {
  subscriber: '1  A subscriber',
  messages: '2  Three messages, and how long each took to arrive there',
  handshake: '3  The QoS 2 handshake behind the last one',
  refusal: '4  A connection that the broker refuses: the password is wrong',
}

/** What each packet of the handshake says to the other side. */
const meanings: Partial<Record<PacketType, string>> = {
  publish: 'here it is',
  pubrec: 'I have it, and will not take it twice',
  pubrel: 'then I forget the message',
  pubcomp: 'and I forget its number',
}

const indent = '   '

/** One event of the demonstration, for people. Packets alone say nothing here: they are told of in their scenes. */
export function demoLines(event: DemoEvent, { theme, program }: DemoStyle): readonly string[] {
  switch (event.event) {
    case 'started':
      return [
        `${theme.heading('mqtt-cli demo')}${theme.muted(`, with a broker in this process on ${event.host}:${event.port}`)}`,
      ]
    case 'section':
      return ['', theme.heading(headings[event.section])]
    case 'subscribed':
      return [`${indent}${theme.topic(event.filter)}  ${theme.accepted('subscribed')}, up to QoS ${event.qos}`]
    case 'arrived':
      return [`${indent}${arrivedText(event.message, theme)}`]
    case 'handshake':
      return [...stepLines(event.steps, theme), completeText(event.elapsedMicroseconds, theme)]
    case 'refused':
      return [...stepLines(event.steps, theme), ...refusalLines(event, theme)]
    case 'ended':
      return ['', goOnLine(program, theme)]
    case 'packet':
      return []
  }
}

const timeColumns = 12
const topicColumns = 24
const payloadColumns = 5

function arrivedText(message: ArrivedMessage, theme: Theme): string {
  const { topic, qos, payload, retain, properties, elapsedMicroseconds } = message
  const notes = [
    ...(retain ? ['retained'] : []),
    ...(properties.userProperties ?? []).map(([name, value]) => escapeForTerminal(`${name}=${value}`)),
  ]
  return [
    `QoS ${qos}`,
    theme.topic(escapeForTerminal(topic).padEnd(topicColumns)),
    theme.payload(escapeForTerminal(decodeUtf8(payload) ?? '').padEnd(payloadColumns)),
    theme.muted(`${(elapsedMicroseconds / 1000).toFixed(1).padStart(5)} ms`),
    ...notes,
  ]
    .join('  ')
    .trimEnd()
}

const plain = createTheme(false)

/** The time since the packet before, the direction, the packet, and what it says in a handshake. */
function stepLines(steps: readonly WireEvent[], theme: Theme): readonly string[] {
  const columns = Math.max(...steps.map((event) => packetText(event, plain).length))
  return steps.map((event, index) => {
    const time = `${index === 0 ? '0' : `+${event.sincePreviousMicroseconds}`} µs`.padStart(timeColumns)
    const arrow = event.sender === 'client' ? theme.sent('→') : theme.received('←')
    const said = event.packet === undefined ? undefined : meanings[event.packet.type]
    const gap = ' '.repeat(columns - packetText(event, plain).length + 2)
    const meaning = said === undefined ? '' : gap + theme.muted(said)
    return `${theme.muted(time)}  ${arrow} ${packetText(event, theme)}${meaning}`
  })
}

function packetText({ packet, version }: WireEvent, theme: Theme): string {
  return packet === undefined ? '' : packetLine(packet, version, theme)
}

function completeText(elapsedMicroseconds: number, theme: Theme): string {
  const time = `${elapsedMicroseconds} µs`.padStart(timeColumns)
  return `${theme.muted(time)}  ${theme.accepted('delivered once, and only once')}`
}

function refusalLines({ error }: Extract<DemoEvent, { event: 'refused' }>, theme: Theme): readonly string[] {
  const [meaning = '', ...causes] = (error.details.causes ?? []).filter((cause) => typeof cause === 'string')
  return [
    `${indent}${theme.refused(meaning)}`,
    ...causes.map((cause, index) => `${indent}${theme.muted((index === 0 ? 'likely' : '').padEnd(6))}  ${cause}`),
  ]
}

function goOnLine(program: string, theme: Theme): string {
  return `Go on: ${theme.heading(`${program} pub home/door open --embedded -q 2 --trace`)}, or ${theme.heading(`${program} --help`)}`
}
