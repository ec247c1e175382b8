import { escapeForTerminal } from '../escape.ts'
import type { FieldLayout, FieldLetter } from '../message-format.ts'
import { appendNumber, appendString } from './field-layout.ts'
import type { FieldMaker, PartWriter } from './part-writer.ts'

/** The common `%t`: copied, without a string in between. */
const topicBytes: PartWriter = ({ topicBytes: bytes, topicStart, topicEnd }, _time, out) => {
  out.appendBytes(bytes, topicStart, topicEnd)
}

/** What the fixed and variable headers say: topic, QoS, retain, packet identifier, payload length. */
export const messageFields = {
  t: (layout, { escape: toTerminal }) => (toTerminal || isLaidOut(layout) ? topicText(layout, toTerminal) : topicBytes),
  q: () => (message, _time, out) => out.appendText(String(message.qos)),
  r: () => (message, _time, out) => out.appendText(message.retain ? '1' : '0'),
  m: (layout) => (message, _time, out) => appendNumber(String(message.packetId), layout, out),
  l: (layout) => (message, _time, out) => {
    appendNumber(String(message.payloadEnd - message.payloadStart), layout, out)
  },
} satisfies Partial<Record<FieldLetter, FieldMaker>>

function topicText(layout: FieldLayout, toTerminal: boolean): PartWriter {
  return (message, _time, out) => {
    appendString(toTerminal ? escapeForTerminal(message.topic()) : message.topic(), layout, out)
  }
}

function isLaidOut({ width, precision }: FieldLayout): boolean {
  return width > 0 || precision !== undefined
}
