import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'

/** A loopback port that was free a moment ago: for a program that wants to be told, or for nobody to listen on. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  const port = await listen(server, host)
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a server of ours on a loopback port, a free one by default. */
export async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
