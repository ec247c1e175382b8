import type { Properties } from '../../protocol/wire/packet.ts'
import { escapeForTerminal } from '../escape.ts'
import { escapeBytesForTerminal } from '../escape-bytes.ts'
import type { FieldLayout, FieldLetter } from '../message-format.ts'
import { appendBlank, appendNumber, appendSpaces, appendString } from './field-layout.ts'
import type { FieldMaker, FormatOptions, PartWriter } from './part-writer.ts'

/** The properties of MQTT 5. One that the message does not carry prints as blanks of its width, or as nothing. */
export const propertyFields = {
  A: (layout) => numberField(layout, ({ topicAlias }) => topicAlias),
  // mosquitto_sub prints the four bytes as a signed number: 0xFFFFFFFF is -1.
  E: (layout) => numberField(layout, ({ messageExpiryInterval: seconds }) => seconds && seconds | 0),
  F: (layout) => numberField(layout, ({ payloadFormatIndicator }) => payloadFormatIndicator),
  // Of several subscription identifiers mosquitto_sub prints the first; all of them are in --json.
  S: (layout) => numberField(layout, ({ subscriptionIdentifier }) => subscriptionIdentifier?.[0]),
  C: (layout, options) => contentTypeField(layout, options),
  R:
    (layout, { escape: toTerminal }) =>
    (message, _time, out) => {
      const { responseTopic } = message.properties()
      if (responseTopic !== undefined) appendString(safe(responseTopic, toTerminal), layout, out)
    },
  D: (_layout, { escape: toTerminal }) => correlationDataField(toTerminal),
  P:
    (_layout, { escape: toTerminal }) =>
    (message, _time, out) => {
      const pairs = message.properties().userProperties ?? []
      out.appendText(safe(pairs.map(([name, value]) => `${name}:${value}`).join(' '), toTerminal))
    },
} satisfies Partial<Record<FieldLetter, FieldMaker>>

function numberField(layout: FieldLayout, read: (properties: Properties) => number | undefined): PartWriter {
  return (message, _time, out) => {
    const value = read(message.properties())
    if (value === undefined) appendBlank(layout, out)
    else appendNumber(String(value), layout, out)
  }
}

function contentTypeField(layout: FieldLayout, { escape: toTerminal }: FormatOptions): PartWriter {
  return (message, _time, out) => {
    const { contentType } = message.properties()
    if (contentType === undefined) appendSpaces(layout.width, out)
    else appendString(safe(contentType, toTerminal), layout, out)
  }
}

/** Binary data: printed as it came, whatever the width. */
function correlationDataField(toTerminal: boolean): PartWriter {
  return (message, _time, out) => {
    const data = Buffer.from(message.properties().correlationData ?? [])
    if (toTerminal) out.appendText(escapeBytesForTerminal(data))
    else out.appendBytes(data, 0, data.length)
  }
}

function safe(text: string, toTerminal: boolean): string {
  return toTerminal ? escapeForTerminal(text) : text
}
