/**
 * Bytes of the whole packet that begins at `at`, by its fixed header: undefined as long as that is not whole, and without
 * end where its length has a fifth byte.
 */
export function packetSizeAt(bytes: Buffer, at: number): number | undefined {
  let remaining = 0
  for (let size = 1; size <= 4; size++) {
    const byte = bytes[at + size]
    if (byte === undefined) return undefined
    remaining += (byte & 0x7f) * 128 ** (size - 1)
    if (byte < 0x80) return 1 + size + remaining
  }
  return Number.POSITIVE_INFINITY
}
