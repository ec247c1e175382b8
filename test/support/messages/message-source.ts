import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'

export interface MessageSource {
  readonly port: number
  close(): Promise<void>
}

/**
 * A broker that knows one trick: to each subscriber it sends these PUBLISH packets, one after the other, and finishes
 * each handshake before it begins the next. So a subscriber prints them in this order whatever their QoS, and every
 * byte of them (packet identifiers, DUP, order of properties) is the test's. Any CONNECT of the version is accepted.
 */
export async function startMessageSource(packets: readonly Buffer[], version: ProtocolVersion): Promise<MessageSource> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket, packets, version)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port')
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function serve(socket: Socket, packets: readonly Buffer[], version: ProtocolVersion): void {
  let next = 0
  let unread = Buffer.alloc(0)
  const sendUntilHandshake = () => {
    while (next < packets.length) {
      const packet = packets[next++]!
      socket.write(packet)
      if ((packet[0]! & 0x06) !== 0) return // QoS 1 or 2: its acknowledgement calls us again
    }
  }
  const answer = (packet: Buffer) => {
    const type = packet[0]! >> 4
    if (type === 1) socket.write(version === 5 ? Buffer.of(0x20, 3, 0, 0, 0) : Buffer.of(0x20, 2, 0, 0))
    else if (type === 8) {
      socket.write(
        version === 5
          ? Buffer.of(0x90, 4, packet[2]!, packet[3]!, 0, 2)
          : Buffer.of(0x90, 3, packet[2]!, packet[3]!, 2),
      )
      sendUntilHandshake()
    } else if (type === 5) socket.write(Buffer.of(0x62, 2, packet[2]!, packet[3]!))
    else if (type === 4 || type === 7) sendUntilHandshake()
    else if (type === 12) socket.write(Buffer.of(0xd0, 0))
    else if (type === 14) socket.end()
  }
  socket.on('data', (chunk) => {
    unread = Buffer.concat([unread, chunk])
    for (let packet = firstPacket(unread); packet !== undefined; packet = firstPacket(unread)) {
      unread = unread.subarray(packet.length)
      answer(withoutLongLength(packet))
    }
  })
}

function firstPacket(bytes: Buffer): Buffer | undefined {
  let remaining = 0
  for (let at = 1; at < bytes.length; at += 1) {
    remaining |= (bytes[at]! & 0x7f) << (7 * (at - 1))
    if (bytes[at]! < 0x80) return bytes.length > at + remaining ? bytes.subarray(0, at + 1 + remaining) : undefined
  }
  return undefined
}

/** The packet with its identifier at offset 2, however long its remaining length was. */
function withoutLongLength(packet: Buffer): Buffer {
  let at = 1
  while (packet[at]! >= 0x80) at += 1
  return Buffer.concat([packet.subarray(0, 1), Buffer.of(0), packet.subarray(at + 1)])
}
