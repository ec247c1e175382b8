// floor-connections.js PORT COUNT: the least that Node can do for an idle connection. COUNT sockets with one buffer for
// all their reads, CONNECT sent and anything taken for CONNACK; no rule, no ping, no end but a signal.
import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { connect311 } from './mqtt-bytes.js'

const [port, count] = process.argv.slice(2).map(Number)
const atOnce = 16
const buffer = Buffer.allocUnsafeSlow(64 * 1024)
const hello = connect311('floor')
const sockets = []
setFlagsFromString('--semi-space-growth-factor=1') // as `bench conn`

function open() {
  return new Promise((resolve) => {
    const callback = () => {
      resolve()
      return true
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } })
    socket.on('error', () => process.exit(1))
    socket.write(hello)
    sockets.push(socket)
  })
}

async function lane() {
  while (sockets.length < count) await open()
}

await open()
await Promise.all(Array.from({ length: atOnce }, lane))
