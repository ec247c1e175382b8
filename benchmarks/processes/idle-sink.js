// idle-sink.js COUNT: a broker that costs next to nothing. Says `ready PORT`, answers CONNECT and PINGREQ, and when COUNT
// clients have connected says `all RATE`: how many came in a second, from the first CONNECT to the last.
import { createServer } from 'node:net'
import { connack, levelOf } from './mqtt-bytes.js'

const count = Number(process.argv[2])
const pingresp = Buffer.from('d000', 'hex')
const [connectByte, pingreqByte] = [0x10, 0xc0]
let connected = 0
let beganMs = 0

const server = createServer({ noDelay: true }, (socket) => {
  // Each of these packets comes by itself, and whole: a client has nothing else to say before the answer.
  socket.on('data', (packet) => {
    if (packet[0] === pingreqByte) socket.write(pingresp)
    else if (packet[0] === connectByte) accept(socket, packet)
  })
  socket.on('error', () => {})
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`ready ${server.address().port}\n`)
})

function accept(socket, packet) {
  socket.write(connack(levelOf(packet)))
  if (connected++ === 0) beganMs = performance.now()
  if (connected !== count) return
  const seconds = (performance.now() - beganMs) / 1000
  process.stdout.write(`all ${seconds === 0 ? 0 : Math.round((count - 1) / seconds)}\n`)
}
