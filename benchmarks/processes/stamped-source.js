// stamped-source.js COUNT [CERT KEY]: a server, over TLS with a certificate, that says `ready PORT`, and sends COUNT messages of `bench`, 64 bytes each, to every
// client that subscribes, as fast as it reads. Number and time are written anew for each message: the stamp is the one
// that docs/bench-method.md describes, by hand.
import { connack, levelOf, packetReader } from './mqtt-bytes.js'
import { serverOver } from './server-over.js'

const [, , wanted, certFile, keyFile] = process.argv
const count = Number(wanted)
const topic = 'bench/0'
const payloadBytes = 64
const perChunk = 800
/** What comes before a run has begun to measure is not in its figures. */
const beginsAfterMs = 100
const [sequenceLow32At, intendedAt] = [10, 14]
const two32 = 2 ** 32

const server = serverOver({ certFile, keyFile }, (socket) => {
  let level = 4
  const read = packetReader((bytes, start, bodyStart, end) => {
    const type = bytes[start] >> 4
    if (type === 1) {
      level = levelOf(bytes.subarray(start, end))
      socket.write(connack(level))
    } else if (type === 8) {
      const answer = level === 5 ? [0x90, 4, 0, 0, 0, 0] : [0x90, 3, 0, 0, 0]
      answer[2] = bytes[bodyStart]
      answer[3] = bytes[bodyStart + 1]
      socket.write(Buffer.from(answer))
      setTimeout(() => pour(socket, new StampedChunks(level)), beginsAfterMs)
    } else if (type === 12) socket.write(Buffer.from('d000', 'hex'))
  })
  socket.on('data', read)
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${server.address().port}\n`))

class StampedChunks {
  #sent = 0
  #spare = []

  constructor(level) {
    const properties = level === 5 ? [0] : []
    const body = [0, topic.length, ...Buffer.from(topic), ...properties]
    const payload = Buffer.alloc(payloadBytes, 'x').fill(0, 0, 24)
    payload.set([0xb7, 0x9d, 1, 2, 3, 4], 0) // the mark, and the run
    this.packet = Buffer.concat([Buffer.from([0x30, body.length + payloadBytes, ...body]), payload])
    this.payloadAt = 2 + body.length
  }

  next() {
    const messages = Math.min(perChunk, count - this.#sent)
    if (messages === 0) return undefined
    const chunk = this.#spare.pop() ?? Buffer.concat(Array(perChunk).fill(this.packet))
    const now = Math.floor(performance.timeOrigin * 1000 + performance.now() * 1000)
    const high = Math.floor(now / two32) & 0xffff
    for (let index = 0; index < messages; index++) {
      const at = index * this.packet.length + this.payloadAt
      write32(chunk, at + sequenceLow32At, this.#sent++)
      chunk[at + intendedAt] = high >> 8
      chunk[at + intendedAt + 1] = high & 0xff
      write32(chunk, at + intendedAt + 2, now >>> 0)
    }
    return { bytes: chunk.subarray(0, messages * this.packet.length), reuse: () => this.#spare.push(chunk) }
  }
}

function write32(bytes, at, value) {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

function pour(socket, chunks) {
  while (!socket.destroyed && !socket.writableNeedDrain) {
    const chunk = chunks.next()
    if (chunk === undefined) return
    socket.write(chunk.bytes, chunk.reuse)
  }
  if (!socket.destroyed) socket.once('drain', () => pour(socket, chunks))
}
