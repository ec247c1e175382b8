import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { epochMicroseconds } from '../../../connection/clock.ts'
import type { LatencyFigures } from '../events.ts'
import { LatencyRecorder } from './latency-recorder.ts'

const roundTrips = 200
const messageBytes = 80

/** What this machine and this program measure of a broker that costs nothing: an echo over loopback. No figure is below it. */
export async function loopbackBaseline(): Promise<LatencyFigures> {
  const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => {}).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true })
  try {
    await once(socket, 'connect')
    return await echoes(
      (bytes) => socket.write(bytes),
      () => once(socket, 'data'),
    )
  } finally {
    socket.destroy()
    server.close()
  }
}

async function echoes(send: (bytes: Buffer) => void, answer: () => Promise<unknown>): Promise<LatencyFigures> {
  const recorder = new LatencyRecorder()
  const message = Buffer.alloc(messageBytes)
  for (let trip = 0; trip < roundTrips; trip++) {
    const began = epochMicroseconds()
    send(message)
    await answer()
    recorder.record(epochMicroseconds() - began)
  }
  return recorder.figures
}
