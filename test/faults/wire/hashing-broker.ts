import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { listen } from '../../support/network/free-port.ts'
import { startTerminator } from '../../support/transports/terminator.ts'

/** Accepts, answers the ping, and hashes what came between. */
export async function hashingBroker(t: TestContext, packetBytes: number) {
  const hash = createHash('sha256')
  let left = packetBytes
  const server = createServer((socket) => {
    socket.on('error', () => {}) // what the test is about has come; the end of the test may be a reset
    socket.once('data', () => {
      socket.write(Buffer.from('20020000', 'hex'))
      socket.on('data', (bytes) => {
        hash.update(bytes.subarray(0, left))
        if (bytes.length > left) socket.write(Buffer.from('d000', 'hex')) // behind the message: a ping, then DISCONNECT
        left -= Math.min(left, bytes.length)
      })
    })
  })
  const { flags, close } = await startTerminator(await listen(server))
  t.after(() => {
    close()
    server.close()
  })
  return { flags, received: () => hash.digest('hex') }
}
