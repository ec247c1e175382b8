// feeder.js PORT COUNT QOS [now [USER]]: says `ready`, waits until somebody has subscribed to the topic (mosquitto says so
// under $SYS/broker/log) or begins `now`, and publishes COUNT numbered lines as fast as the broker takes them.
import { connect } from 'node:net'
import { connect311, disconnect, packetReader, pingreq, pubrel, subscribe311 } from './mqtt-bytes.js'
import { PacketChunks, topic } from './packet-chunks.js'

const [port, count, qos] = process.argv.slice(2).map(Number)
const [beginning, user] = process.argv.slice(5)
/** mosquitto hangs up on more of QoS 2 than it lets be in flight. */
const inflight = qos === 2 ? 20 : 1000
const chunks = new PacketChunks({ count, qos, level: 4, perChunk: [800, 100, 10][qos] })
let unacknowledged = 0
const releases = []
let isFeeding = false
let isComplete = false

const socket = connect({ port, host: '127.0.0.1', noDelay: true })
const read = packetReader((bytes, start, bodyStart, end) => {
  const type = bytes[start] >> 4
  if (type === 2) connected()
  else if (type === 9) process.stdout.write('ready\n')
  else if (type === 4 || type === 7) unacknowledged--
  else if (type === 5) releases.push(pubrel(bytes[bodyStart], bytes[bodyStart + 1]))
  else if (type === 13) socket.end(disconnect)
  else if (type === 3 && !isFeeding) isFeeding = bytes.toString('latin1', bodyStart, end).includes(topic)
})
socket.on('data', (bytes) => {
  read(bytes)
  if (releases.length > 0) socket.write(Buffer.concat(releases.splice(0)))
  if (isFeeding) feed()
})
socket.on('drain', feed)
socket.on('error', (error) => {
  process.stdout.write(`${error.message}\n`, () => process.exit(1))
})
socket.write(connect311('bench-feeder', user))

function connected() {
  if (beginning !== 'now') {
    socket.write(subscribe311(1, '$SYS/broker/log/M/subscribe', 0))
    return
  }
  process.stdout.write('ready\n')
  isFeeding = true
}

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
