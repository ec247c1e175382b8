import { encodedPayload } from '../payload/encoded-payload.ts'
import type { Properties } from '../protocol/wire/packet.ts'
import type { PublishView } from '../protocol/wire/publish-view.ts'
import { escapeJsonControls, jsonText } from './json-text.ts'
import type { MessageWriter } from './message-writer.ts'

interface JsonOptions {
  /**
   * A payload that is JSON stands in the record as JSON (`"encoding":"json"`), if JSON.stringify writes the very same
   * bytes again; else nothing could give them back. Off, every text is a string.
   */
  readonly parsePayload?: boolean
}

/** Our own NDJSON: one object a line, nothing lost, described by `docs/schemas/message.schema.json`. */
export function jsonWriter({ parsePayload = false }: JsonOptions = {}): MessageWriter {
  return (message, receivedAt, out) => {
    const fields = [
      '"v":1',
      `"ts":"${timestamp(receivedAt.epochNanoseconds)}"`,
      `"topic":${jsonText(message.topic())}`,
      `"qos":${message.qos},"retain":${message.retain},"dup":${message.dup}`,
      ...(message.qos > 0 ? [`"mid":${message.packetId}`] : []),
      payloadFields(message, parsePayload),
      ...propertiesField(message.properties()),
    ]
    out.appendText(`{${fields.join(',')}}\n`)
  }
}

/** UTC, with all nine digits of the nanoseconds. */
function timestamp(epochNanoseconds: bigint): string {
  const seconds = new Date(Number(epochNanoseconds / 1_000_000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(epochNanoseconds % 1_000_000_000n).padStart(9, '0')}Z`
}

function payloadFields({ bytes, payloadStart, payloadEnd }: PublishView, parsePayload: boolean): string {
  const { text, encoding } = encodedPayload(bytes.subarray(payloadStart, payloadEnd), parsePayload)
  return `"payload":${encoding === 'json' ? escapeJsonControls(text) : jsonText(text)},"encoding":"${encoding}"`
}

/** By the standard's names; user properties as pairs, in order and with duplicates; binary data as `{"base64":"…"}`. */
function propertiesField(properties: Properties): string[] {
  const entries = Object.entries(properties)
  if (entries.length === 0) return []
  const values = entries.map(([name, value]) => [
    name,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  ])
  return [`"properties":${jsonText(Object.fromEntries(values))}`]
}
