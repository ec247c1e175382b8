/** Made once: a new one for each message would cost more than the decoding. It keeps nothing between calls. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of these bytes, or undefined when they are not UTF-8. A byte order mark is part of the text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}
