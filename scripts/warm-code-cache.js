import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

const connack5 = Buffer.from('2003000000', 'hex')
const pingreq = Buffer.from('c000', 'hex')
const pingresp = Buffer.from('d000', 'hex')

/**
 * Runs one real one-shot publish against a socket that accepts everything, so that the code cache which that process
 * leaves behind holds exactly the functions that the next one-shot publish needs. A failure here costs nothing but the cache.
 */
export async function warmCodeCache(root) {
  const server = createServer((socket) => {
    socket.once('data', () => socket.write(connack5))
    socket.on('data', (bytes) => bytes.includes(pingreq) && socket.write(pingresp)) // how a QoS 0 publish learns of its end
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  const args = [join(root, 'bin', 'run.js'), 'pub', '-h', '127.0.0.1', '-p', String(port), '-t', 'a', '-m', 'b']
  const child = spawn(process.execPath, args, { stdio: 'ignore', timeout: 10_000 })
  await once(child, 'exit')
  server.close()
}
