import { appendJsonString } from '../../payload/json/json-string.ts'
import type { Properties } from '../../protocol/wire/packet.ts'
import type { OutputBuffer } from '../output-buffer.ts'

/** mosquitto's names of what a PUBLISH may carry. */
const names: Readonly<Partial<Record<keyof Properties, string>>> = {
  payloadFormatIndicator: 'payload-format-indicator',
  messageExpiryInterval: 'message-expiry-interval',
  contentType: 'content-type',
  responseTopic: 'response-topic',
  correlationData: 'correlation-data',
  subscriptionIdentifier: 'subscription-identifier',
  topicAlias: 'topic-alias',
  userProperties: 'user-properties',
}

/** `,"properties":{…}` in the order of the properties, or nothing when there are none. */
export function appendJsonProperties(properties: Properties, out: OutputBuffer): void {
  let separator = ',"properties":{'
  for (const [key, value] of Object.entries(properties)) {
    const name = names[key as keyof Properties]
    if (name === undefined) continue
    // A subscription identifier may come several times; so does its key then, as in mosquitto_sub.
    for (const single of key === 'subscriptionIdentifier' ? value : [value]) {
      out.appendText(`${separator}"${name}":`)
      appendValue(single, out)
      separator = ','
    }
  }
  if (separator === ',') out.appendText('}')
}

function appendValue(value: number | string | Uint8Array | Properties['userProperties'], out: OutputBuffer): void {
  if (typeof value === 'number') out.appendText(String(value))
  else if (typeof value === 'string' || value instanceof Uint8Array) appendBytesAsString(value, out)
  else appendPairs(value ?? [], out)
}

/** As an object, whose keys repeat when names do. */
function appendPairs(pairs: NonNullable<Properties['userProperties']>, out: OutputBuffer): void {
  let separator = '{'
  for (const [name, value] of pairs) {
    out.appendText(separator)
    appendBytesAsString(name, out)
    out.appendText(':')
    appendBytesAsString(value, out)
    separator = ','
  }
  out.appendText('}')
}

function appendBytesAsString(value: string | Uint8Array, out: OutputBuffer): void {
  const bytes = Buffer.from(value as string)
  appendJsonString(bytes, 0, bytes.length, out)
}
