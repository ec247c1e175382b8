import { isIP } from 'node:net'
import { usageError } from '../../usage-error.ts'

const withPort = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/
const mostPort = 65_535

/** `10.0.0.7`, `10.0.0.7:1883`, `:1883`, `2001:db8::1`, `[2001:db8::1]:1883`: written as a capture's ends are. */
export function captureAddress(text: string, flag: string): string {
  if (isIP(text) === 4) return text
  if (isIP(text) === 6) return shortIpv6(text)
  const [, bracketed, plain, port] = withPort.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port) > mostPort) throw unknown(text, flag)
  if (host === '') return `:${Number(port)}`
  const version = isIP(host)
  if (version === 0 || (version === 6) !== (bracketed !== undefined)) throw unknown(text, flag)
  return version === 4 ? `${host}:${Number(port)}` : `[${shortIpv6(host)}]:${Number(port)}`
}

/** As RFC 5952 writes it, which is how URLs are read. */
function shortIpv6(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1)
}

function unknown(text: string, flag: string): Error {
  return usageError(
    `${flag} is no address: ${JSON.stringify(text)}`,
    'give an IP address, one with a port as 10.0.0.7:1883, or a port alone as :1883',
  )
}
