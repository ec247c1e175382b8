import { decodeUtf8 } from '../payload/decode-utf8.ts'
import { escapeForTerminal } from './escape.ts'

const previewTextBytes = 48
const previewBinaryBytes = 16

/** The size of a payload and its beginning, on one line: `4 B "open"`, `2000 B 0x00ff…`. */
export function payloadPreview(payload: Uint8Array): string {
  const size = `${payload.length} B`
  if (payload.length === 0) return size
  const text = textAtStart(payload)
  if (text === undefined) return `${size} ${hexPreview(payload)}`
  return `${size} "${escapeForTerminal(text)}"${payload.length > previewTextBytes ? '…' : ''}`
}

/** Bytes that are not meant to be read as text. */
export function hexPreview(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, previewBinaryBytes)).toString('hex')
  return `0x${hex}${bytes.length > previewBinaryBytes ? '…' : ''}`
}

/** The cut may fall into a character of up to four bytes; then a few bytes less are text. */
function textAtStart(payload: Uint8Array): string | undefined {
  if (payload.length <= previewTextBytes) return decodeUtf8(payload)
  for (let end = previewTextBytes; end > previewTextBytes - 4; end--) {
    const text = decodeUtf8(payload.subarray(0, end))
    if (text !== undefined) return text
  }
  return undefined
}
