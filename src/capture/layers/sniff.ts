/** What the first bytes of one side say of a connection; `wait` where more of them would say it. */
export type Sniffed = 'mqtt' | 'tls-client' | 'tls-server' | 'http-client' | 'http-server' | 'wait' | 'other'

const connectByte = 0x10
const handshakeRecord = 0x16
const clientHello = 1
const serverHello = 2
const tlsHeaderBytes = 5
const protocolNames = ['\0\x04MQTT', '\0\x06MQIsdp']
const webSocketRequest = 'GET '
const webSocketResponse = 'HTTP/1.1 '

export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) return 'wait'
  if (bytes[0] === handshakeRecord) return sniffTls(bytes)
  if (bytes[0] === connectByte) return sniffConnect(bytes)
  return sniffText(bytes)
}

function sniffTls(bytes: Buffer): Sniffed {
  if (bytes.length <= tlsHeaderBytes) return 'wait'
  if (bytes[1] !== 3) return 'other'
  const message = bytes[tlsHeaderBytes]
  if (message === clientHello) return 'tls-client'
  return message === serverHello ? 'tls-server' : 'other'
}

/** A CONNECT, by its protocol name behind the remaining length. */
function sniffConnect(bytes: Buffer): Sniffed {
  let at = 1
  while (at < 5 && ((bytes[at] ?? 0) & 0x80) !== 0) at++
  const name = bytes.toString('latin1', at + 1, at + 9)
  if (protocolNames.some((known) => name.startsWith(known))) return 'mqtt'
  return protocolNames.some((known) => known.startsWith(name)) ? 'wait' : 'other'
}

function sniffText(bytes: Buffer): Sniffed {
  const start = bytes.toString('latin1', 0, webSocketResponse.length)
  if (start.startsWith(webSocketRequest)) return 'http-client'
  if (start === webSocketResponse) return 'http-server'
  return webSocketRequest.startsWith(start) || webSocketResponse.startsWith(start) ? 'wait' : 'other'
}
