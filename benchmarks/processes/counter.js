// counter.js PORT COUNT [USER]: subscribes, says `ready`, and then that COUNT numbered lines came, once each and in order; or
// says what was wrong and exits with 1. Ends with status 1 at SIGTERM too: then some never came.
import { connect } from 'node:net'
import { connect311, disconnect, packetReader, subscribe311 } from './mqtt-bytes.js'
import { digits, payloadBytes, topic } from './packet-chunks.js'

const [port, count] = process.argv.slice(2).map(Number)
const user = process.argv[4]
const smallReadBytes = 16 * 1024
let next = 1

const socket = connect({ port, host: '127.0.0.1', noDelay: true })
const read = packetReader((bytes, start, bodyStart, end) => {
  const type = bytes[start] >> 4
  if (type === 2) socket.write(subscribe311(1, topic, 0))
  else if (type === 9) process.stdout.write('ready\n')
  else if (type === 3) take(bytes, bodyStart + 2 + topic.length, end)
})
socket.on('data', (bytes) => {
  read(bytes)
  if (bytes.length < smallReadBytes && next > 1) gather()
})
socket.on('error', (error) => fail(error.message))
socket.write(connect311('bench-counter', user))
process.on('SIGTERM', () => fail(`the end came after ${next - 1} of ${count} lines`))

function take(bytes, payloadStart, end) {
  let number = 0
  for (let at = payloadStart; at < payloadStart + digits; at++) number = number * 10 + bytes[at] - 48
  if (end - payloadStart !== payloadBytes) fail(`a payload of ${end - payloadStart} bytes`)
  if (number !== next) fail(`line ${number} came where ${next} was due`)
  if (next++ < count) return
  process.stdout.write('complete\n')
  socket.end(disconnect)
}

/** The counter takes no more of the machine than it must. */
function gather() {
  socket.pause()
  setTimeout(() => socket.resume(), 1)
}

function fail(message) {
  process.stdout.write(`${message}\n`, () => process.exit(1))
}
