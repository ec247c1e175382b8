/** The Internet checksum (RFC 1071) of these bytes one after the other; each but the last has an even length. */
export function internetChecksum(...parts: readonly Buffer[]): number {
  let sum = 0
  for (const bytes of parts) {
    const even = bytes.length & ~1
    for (let at = 0; at < even; at += 2) sum += ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
    if (even < bytes.length) sum += (bytes[even] as number) << 8
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}
