import { escapeForTerminal } from '../escape.ts'
import type { FieldLetter } from '../message-format.ts'
import { appendNumber, appendString } from './field-layout.ts'
import type { FieldMaker } from './part-writer.ts'

/** What the fixed and variable headers say: topic, QoS, retain, packet identifier, payload length. */
export const messageFields = {
  t:
    (layout, { escape: toTerminal }) =>
    (message, _time, out) => {
      appendString(toTerminal ? escapeForTerminal(message.topic()) : message.topic(), layout, out)
    },
  q: () => (message, _time, out) => out.appendText(String(message.qos)),
  r: () => (message, _time, out) => out.appendText(message.retain ? '1' : '0'),
  m: (layout) => (message, _time, out) => appendNumber(String(message.packetId), layout, out),
  l: (layout) => (message, _time, out) => {
    appendNumber(String(message.payloadEnd - message.payloadStart), layout, out)
  },
} satisfies Partial<Record<FieldLetter, FieldMaker>>
