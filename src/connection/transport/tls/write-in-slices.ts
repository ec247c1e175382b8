import type { Writable } from 'node:stream'

/** TLS encrypts what is written at once at once: from here on that is done slice by slice. */
export const largestRecordsBytes = 1024 * 1024

/**
 * Writes a large buffer in slices of which one at a time is encrypted. Node's sockets join whatever waits into one write
 * (`_writev`), and the largest message took 840 MB; a stream without that method writes one after the other.
 */
export function writeInSlices(socket: Writable, bytes: Buffer, written?: (error?: Error | null) => void): void {
  Object.assign(socket, { _writev: null })
  for (let start = 0; start < bytes.length; start += largestRecordsBytes) {
    const end = Math.min(start + largestRecordsBytes, bytes.length)
    socket.write(bytes.subarray(start, end), end === bytes.length ? written : undefined)
  }
}
