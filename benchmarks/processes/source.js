// source.js COUNT: a server that says `ready PORT`, and sends COUNT numbered lines to each client that subscribes, as
// fast as it reads. It never makes a reader wait.
import { createServer } from 'node:net'
import { connack, levelOf, packetReader } from './mqtt-bytes.js'
import { PacketChunks } from './packet-chunks.js'

const count = Number(process.argv[2])

const server = createServer({ noDelay: true }, (socket) => {
  let level = 4
  const read = packetReader((bytes, start, bodyStart, end) => {
    const type = bytes[start] >> 4
    if (type === 1) {
      level = levelOf(bytes.subarray(start, end))
      socket.write(connack(level))
    } else if (type === 8) {
      socket.write(suback(level, bytes[bodyStart], bytes[bodyStart + 1]))
      pour(socket, new PacketChunks({ count, qos: 0, level, perChunk: 800 }))
    } else if (type === 12) socket.write(Buffer.from('d000', 'hex'))
  })
  socket.on('data', read)
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${server.address().port}\n`))

function suback(level, high, low) {
  return Buffer.from(level === 5 ? [0x90, 4, high, low, 0, 0] : [0x90, 3, high, low, 0])
}

function pour(socket, chunks) {
  while (!socket.destroyed && !socket.writableNeedDrain) {
    const chunk = chunks.next()
    if (chunk === undefined) return
    socket.write(chunk.bytes, chunk.reuse)
  }
  if (!socket.destroyed) socket.once('drain', () => pour(socket, chunks))
}
