// Payload: the bytes of a payload and what they say, both ways. Pure: no socket, no file, no `process`. A codec (JSON today,
// in json/) is a folder of its own here and loads what it needs when it is asked for. Begin here: this is what
// `--json` makes of any payload.

import { decodeUtf8 } from './decode-utf8.ts'

/** A payload as text, and how to get its bytes back from it. */
interface EncodedPayload {
  readonly text: string
  readonly encoding: 'utf8' | 'base64' | 'json'
}

/**
 * Text where the payload is UTF-8, base64 where it is not. `json`, where that is asked for: a payload that is JSON stands
 * as JSON, if JSON.stringify writes the very same bytes again; else nothing could give them back.
 */
export function encodedPayload(payload: Buffer, parsePayload: boolean): EncodedPayload {
  const text = decodeUtf8(payload)
  if (text === undefined) return { text: payload.toString('base64'), encoding: 'base64' }
  return { text, encoding: parsePayload && isCanonicalJson(text) ? 'json' : 'utf8' }
}

function isCanonicalJson(text: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}
