import { appendNormalizedJson } from '../../payload/json/json-normalizer.ts'
import { appendJsonString } from '../../payload/json/json-string.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import { escapeJsonControls } from '../json-text.ts'
import type { FieldLetter } from '../message-format.ts'
import type { OutputBuffer } from '../output-buffer.ts'
import { appendJsonProperties } from './json-properties.ts'
import type { FieldMaker, FormatOptions, PartWriter } from './part-writer.ts'
import { strftime } from './strftime.ts'
import { momentOf, nanosecondsOf } from './time-fields.ts'

/**
 * The whole message as mosquitto_sub's JSON: `%j` with the payload as a string, `%J` with the payload as the JSON
 * that it must be. Both lose things (a string ends at a NUL; numbers are rewritten): our own `--json` loses nothing.
 */
export const jsonFields = {
  j: (_layout, options) => jsonField(appendPayloadString, options),
  J: (_layout, options) => jsonField(appendPayloadJson, options),
} satisfies Partial<Record<FieldLetter, FieldMaker>>

/** False when the payload cannot be printed so. */
type AppendPayload = (message: PublishView, out: OutputBuffer) => boolean

function jsonField(appendPayload: AppendPayload, { escape: toTerminal, warn }: FormatOptions): PartWriter {
  return (message, epochNanoseconds, out) => {
    const start = out.length
    appendHead(message, epochNanoseconds, out)
    if (appendPayload(message, out)) {
      out.appendText('}')
      if (toTerminal) escapeSince(start, out)
    } else {
      out.length = start // mosquitto_sub leaves the whole field out, and goes on with the next
      warn?.(`the payload on ${message.topic()} is not valid JSON`)
    }
  }
}

function appendHead(message: PublishView, epochNanoseconds: bigint, out: OutputBuffer): void {
  out.appendText(`{"tst":"${timestamp(epochNanoseconds)}","topic":`)
  appendJsonString(message.topicBytes, message.topicStart, message.topicEnd, out)
  const payloadBytes = message.payloadEnd - message.payloadStart
  out.appendText(`,"qos":${message.qos},"retain":${message.retain ? 1 : 0},"payloadlen":${payloadBytes}`)
  if (message.qos > 0) out.appendText(`,"mid":${message.packetId}`)
  appendJsonProperties(message.properties(), out)
  out.appendText(',"payload":')
}

/** Microseconds, and a `Z` before the offset of local time: not a date by any standard, but what mosquitto_sub 2.0 prints. */
function timestamp(epochNanoseconds: bigint): string {
  const moment = momentOf(epochNanoseconds)
  const microseconds = nanosecondsOf(epochNanoseconds).slice(0, 6)
  return `${strftime('F', moment)}T${strftime('T', moment)}.${microseconds}Z${strftime('z', moment)}`
}

function appendPayloadString({ bytes, payloadStart, payloadEnd }: PublishView, out: OutputBuffer): boolean {
  if (payloadStart === payloadEnd) out.appendText('null')
  else appendJsonString(bytes, payloadStart, payloadEnd, out)
  return true
}

function appendPayloadJson({ bytes, payloadStart, payloadEnd }: PublishView, out: OutputBuffer): boolean {
  if (payloadStart !== payloadEnd) return appendNormalizedJson(bytes, payloadStart, payloadEnd, out)
  out.appendText('null')
  return true
}

/** On a terminal the controls above 0x7E are escaped too. Their escapes are JSON's, so that the text stays JSON. */
function escapeSince(start: number, out: OutputBuffer): void {
  const text = out.bytes.toString('utf8', start, out.length)
  out.length = start
  out.appendText(escapeJsonControls(text))
}
