// sink.js [stop]: a server that says `ready PORT`, takes every QoS 0 publish and answers pings. With `stop` it reads
// CONNECT, answers it, and then nothing any more.
import { createServer } from 'node:net'
import { connack, levelOf, packetReader } from './mqtt-bytes.js'

const stops = process.argv[2] === 'stop'

const server = createServer({ noDelay: true }, (socket) => {
  const read = packetReader((bytes, start, _bodyStart, end) => {
    const type = bytes[start] >> 4
    if (type === 12) socket.write(Buffer.from('d000', 'hex'))
    if (type !== 1) return
    socket.write(connack(levelOf(bytes.subarray(start, end))))
    if (stops) socket.pause()
  })
  socket.on('data', read)
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${server.address().port}\n`))
