import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

const connack5 = Buffer.from('2003000000', 'hex')
const pingreq = Buffer.from('c000', 'hex')
const pingresp = Buffer.from('d000', 'hex')
const subscribe = 0x82

/**
 * Runs what people type most, each once, against a socket that accepts everything: the code caches that these processes
 * leave behind hold the functions that the next ones need. A failure here costs nothing but the cache.
 */
export async function warmCodeCache(root) {
  const server = createServer((socket) => {
    socket.once('data', () => socket.write(connack5))
    socket.on('data', (bytes) => answer(socket, bytes))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const broker = ['-h', '127.0.0.1', '-p', String(server.address().port)]
  // The publish is the first: in this order V8 writes down what it needs, and reads it all.
  await run(root, ['pub', ...broker, '-t', 'a', '-m', 'b'])
  await run(root, ['sub', ...broker, '-t', 'a', '-E'])
  await run(root, ['inspect', 'decode', 'c000'])
  await run(root, ['help', 'pub'])
  server.close()
}

async function run(root, words) {
  const child = spawn(process.execPath, [join(root, 'bin', 'run.js'), ...words], { stdio: 'ignore', timeout: 10_000 })
  await once(child, 'exit')
}

/** A ping is how a QoS 0 publish learns of its end. */
function answer(socket, bytes) {
  if (bytes.includes(pingreq)) socket.write(pingresp)
  if (bytes[0] === subscribe) socket.write(Buffer.from([0x90, 4, bytes[2], bytes[3], 0, 0]))
}
