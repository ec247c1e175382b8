/** TLS content types: an alert is what a TLS server sends to a client that speaks plainly, the rest for completeness. */
const TLS_RECORDS: Readonly<Record<number, string>> = {
  20: 'a TLS record (change cipher spec)',
  21: 'a TLS alert',
  22: 'a TLS handshake record',
  23: 'a TLS record (application data)',
}

/**
 * What the first bytes from a peer are when they are not MQTT: the wrong port, most often. `undefined` when they look
 * like nothing in particular. Two bytes are enough for TLS, five for HTTP; fewer are never taken for either.
 */
export function describeForeignBytes(bytes: Uint8Array): string | undefined {
  // Major version 3: SSL 3.0 to TLS 1.3. As MQTT it would be type 1 with flags, which no server may send.
  if (bytes[1] === 0x03 && bytes[0] !== undefined) return TLS_RECORDS[bytes[0]]
  const text = String.fromCharCode(...bytes.subarray(0, 8))
  if (text.startsWith('HTTP/')) return 'an HTTP response'
  if (text.startsWith('SSH-')) return 'the greeting of an SSH server'
  if (text.startsWith('AMQP')) return 'the greeting of an AMQP server'
  return undefined
}
