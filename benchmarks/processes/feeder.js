// feeder.js PORT COUNT QOS: says `ready`, waits until somebody has subscribed to the topic (the broker says so under
// $SYS/broker/log), and publishes COUNT numbered lines as fast as the broker takes them.
import { connect } from 'node:net'
import { connect311, disconnect, packetReader, pingreq, subscribe311 } from './mqtt-bytes.js'
import { PacketChunks, topic } from './packet-chunks.js'

const [port, count, qos] = process.argv.slice(2).map(Number)
const inflight = 1000
const chunks = new PacketChunks({ count, qos, level: 4, perChunk: qos === 0 ? 800 : 100 })
let unacknowledged = 0
let isFeeding = false
let isComplete = false

const socket = connect({ port, host: '127.0.0.1', noDelay: true })
const read = packetReader((bytes, start, bodyStart, end) => {
  const type = bytes[start] >> 4
  if (type === 2) socket.write(subscribe311(1, '$SYS/broker/log/M/subscribe', 0))
  else if (type === 9) process.stdout.write('ready\n')
  else if (type === 4) unacknowledged--
  else if (type === 13) socket.end(disconnect)
  else if (type === 3 && !isFeeding) isFeeding = bytes.toString('latin1', bodyStart, end).includes(topic)
})
socket.on('data', (bytes) => {
  read(bytes)
  if (isFeeding) feed()
})
socket.on('drain', feed)
socket.on('error', (error) => {
  process.stdout.write(`${error.message}\n`, () => process.exit(1))
})
socket.write(connect311('bench-feeder'))

function feed() {
  while (!socket.writableNeedDrain && (qos === 0 || unacknowledged < inflight)) {
    const chunk = chunks.next()
    if (chunk === undefined) return complete()
    if (qos > 0) unacknowledged += chunk.messages
    socket.write(chunk.bytes, chunk.reuse)
  }
}

/** The answer to a ping says that the broker has read everything before it. */
function complete() {
  if (isComplete || unacknowledged > 0) return
  isComplete = true
  socket.write(pingreq)
}
