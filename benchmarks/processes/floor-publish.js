// floor-publish.js PORT < LINES: the least that a publisher of lines in Node can do at QoS 0: find newlines, put a
// header before each line in one buffer, write 64 KB at a time. It is shown beside `pub -l`, and is no target.
import { connect } from 'node:net'
import { connect311, disconnect, pingreq } from './mqtt-bytes.js'
import { topic } from './packet-chunks.js'

const port = Number(process.argv[2])
const header = Buffer.from([0x30, 0, 0, topic.length, ...Buffer.from(topic)])
const socket = connect({ port, host: '127.0.0.1', noDelay: true })
socket.write(connect311('bench-floor'))
socket.on('data', (bytes) => {
  if (bytes.includes(Buffer.from('d000', 'hex'))) socket.end(disconnect)
})
let held = Buffer.alloc(0)
let isWaiting = false

process.stdin.on('data', (chunk) => {
  const lines = held.length === 0 ? chunk : Buffer.concat([held, chunk])
  const out = Buffer.allocUnsafeSlow(lines.length * 2 + 1024)
  let length = 0
  let at = 0
  for (let end = lines.indexOf(10); end !== -1; end = lines.indexOf(10, at)) {
    const start = length
    length += header.copy(out, length)
    out[start + 1] = header.length - 2 + end - at // lines of fewer than 100 bytes
    length += lines.copy(out, length, at, end)
    at = end + 1
  }
  held = lines.subarray(at)
  if (socket.write(out.subarray(0, length)) || isWaiting) return
  isWaiting = true
  process.stdin.pause()
  socket.once('drain', () => {
    isWaiting = false
    process.stdin.resume()
  })
})
process.stdin.on('end', () => socket.write(pingreq))
