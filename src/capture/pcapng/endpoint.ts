import { isIPv4, isIPv6 } from 'node:net'

/** One end of a TCP connection. */
export interface Endpoint {
  /** 4 bytes, or 16. */
  readonly address: Buffer
  readonly port: number
}

const loopback = Buffer.from([127, 0, 0, 1])

/** `127.0.0.1:50312`, `::1:50312`. An IPv4-mapped IPv6 address becomes IPv4; what is no address becomes the loopback. */
export function endpointOf(text: string): Endpoint {
  const colon = text.lastIndexOf(':')
  const host = text
    .slice(0, colon)
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
  const port = Number(text.slice(colon + 1)) || 0
  if (isIPv4(host)) return { address: Buffer.from(host.split('.').map(Number)), port }
  return { address: isIPv6(host) ? ipv6Bytes(host) : loopback, port }
}

function ipv6Bytes(host: string): Buffer {
  const [left = '', right] = host.split('::')
  const head = words(left)
  const tail = right === undefined ? [] : words(right)
  const gap = new Array<number>(8 - head.length - tail.length).fill(0)
  const bytes = Buffer.alloc(16)
  for (const [index, word] of [...head, ...gap, ...tail].entries()) bytes.writeUInt16BE(word, index * 2)
  return bytes
}

function words(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16))
}
