// sink.js [CERT KEY]: a server, over TLS with a certificate, that says `ready PORT`, takes every PUBLISH at the cost of a glance at its first bytes, answers
// QoS 1 with all the PUBACKs of a read in one write, and says `counted N CPU` when its client has gone: how many came,
// and the microseconds of CPU that it needed for them. Messages of `bench` are looked at closer: their numbers must
// come in order.
import { connack, levelOf, packetReader } from './mqtt-bytes.js'
import { serverOver } from './server-over.js'

const pubackBytes = 4
/** A read brings fewer packets than this: 64 KiB, and none is smaller than ten bytes. */
const answers = Buffer.alloc(8192 * pubackBytes)
const sequenceLow32At = 10

const [certFile, keyFile] = process.argv.slice(2)
const server = serverOver({ certFile, keyFile }, (socket) => {
  const before = process.cpuUsage()
  let count = 0
  let answered = 0
  const read = packetReader((bytes, start, bodyStart) => {
    const type = bytes[start] >> 4
    if (type === 3) take(bytes, bytes[start], bodyStart)
    else if (type === 1) socket.write(connack(levelOf(bytes.subarray(start))))
    else if (type === 12) socket.write(Buffer.from('d000', 'hex'))
  })
  const take = (bytes, first, bodyStart) => {
    let at = bodyStart + 2 + (bytes[bodyStart] << 8) + bytes[bodyStart + 1]
    if ((first & 0x06) !== 0) {
      answers[answered] = 0x40
      answers[answered + 1] = 2
      answers[answered + 2] = bytes[at]
      answers[answered + 3] = bytes[at + 1]
      answered += pubackBytes
      at += 2
    }
    if (bytes[at] === 0 && bytes[at + 1] === 0xb7) at++ // no properties, at MQTT 5
    if (bytes[at] === 0xb7 && numberAt(bytes, at + sequenceLow32At) !== count) {
      say(`message ${numberAt(bytes, at + sequenceLow32At)} came where ${count} was due`)
    }
    count++
  }
  socket.on('data', (bytes) => {
    read(bytes)
    if (answered > 0) socket.write(Buffer.from(answers.subarray(0, answered)))
    answered = 0
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    const { user, system } = process.cpuUsage(before)
    say(`counted ${count} ${user + system}`)
  })
})
server.listen(0, '127.0.0.1', () => say(`ready ${server.address().port}`))

function numberAt(bytes, at) {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
}

function say(line) {
  process.stdout.write(`${line}\n`)
}
