import { createServer, type Socket } from 'node:net'
import { listen } from '../network/free-port.ts'
import type { OtherBroker } from './other-broker.ts'
import { WindowedClient, type WindowedOptions } from './windowed-client.ts'

/**
 * A broker as brokers are that nobody tried: it has so many messages on their way to a subscriber and not one more,
 * writes each packet by itself, and takes few from a publisher at a time. Topics are matched as they stand.
 */
export async function startWindowedBroker(options: WindowedOptions): Promise<OtherBroker> {
  const clients = new Map<Socket, WindowedClient>()
  const server = createServer((socket) => {
    const client = new WindowedClient(socket, options, (message) => {
      for (const each of clients.values()) each.deliver(message)
    })
    clients.set(socket, client)
    socket.on('close', () => clients.delete(socket))
  })
  const port = await listen(server)
  const stop = async () => {
    server.close()
    for (const socket of clients.keys()) socket.destroy()
  }
  return { port, login: [], stop }
}
