/** Bytes of the fixed header: the first one, and the Remaining Length up to its last byte. */
export function fixedHeaderBytes(wire: Buffer): number {
  let at = 1
  while (at < Math.min(wire.length, 4) && (wire[at] ?? 0) >= 0x80) at++
  return at + 1
}

/** Whether these bytes are one control packet from its first byte to its last, as far as its length tells. */
export function isWholePacket(wire: Buffer): boolean {
  const header = fixedHeaderBytes(wire)
  if (wire.length < header || (wire[header - 1] ?? 0) >= 0x80) return false
  const lengthBytes = [...wire.subarray(1, header)]
  const remaining = lengthBytes.reduce((sum, byte, index) => sum + (byte & 0x7f) * 128 ** index, 0)
  return wire.length === header + remaining
}
