// stopped-broker.js: a server that says `ready PORT`, reads CONNECT, answers it, and then reads nothing any more.
import { createServer } from 'node:net'
import { connack, levelOf } from './mqtt-bytes.js'

const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', (connect) => {
    socket.write(connack(levelOf(connect)))
    socket.pause()
  })
  socket.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${server.address().port}\n`))
