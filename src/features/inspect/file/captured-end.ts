import type { CapturedEnd } from '../../../capture/tcp/tcp-connections.ts'

const ipv4Bytes = 4

/** `10.0.0.7:1883`, `[2001:db8::1]:1883`. */
export function endText({ address, port }: CapturedEnd): string {
  return address.length === ipv4Bytes ? `${addressText(address)}:${port}` : `[${addressText(address)}]:${port}`
}

/** `wanted`: an address, an address with a port, or `:1883` for a port alone. */
export function isOfAddress(end: CapturedEnd, wanted: string): boolean {
  return wanted === addressText(end.address) || wanted === endText(end) || wanted === `:${end.port}`
}

function addressText(address: Buffer): string {
  return address.length === ipv4Bytes ? address.join('.') : ipv6Text(address)
}

/** As RFC 5952 writes it: the longest run of zero groups, of two at least, is left out. */
function ipv6Text(address: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2))
  const run = longestZeroRun(groups)
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  return run.length < 2 ? text(0, 8) : `${text(0, run.start)}::${text(run.start + run.length, 8)}`
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 }
  let length = 0
  groups.forEach((group, index) => {
    length = group === 0 ? length + 1 : 0
    if (length > longest.length) longest = { start: index - length + 1, length }
  })
  return longest
}
