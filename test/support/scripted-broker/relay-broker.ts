import { createServer, type Socket } from 'node:net'
import { listen } from '../network/free-port.ts'
import { type CutPacket, FrameCutter } from '../packets/frame-cutter.ts'
import type { Reach } from '../transports/reach.ts'
import { startTerminator } from '../transports/terminator.ts'

/** What the relay does with the nth PUBLISH of all (from 0): calls `forward` as often, late and in what order it likes. */
export type Relay = (n: number, packet: Buffer, forward: (packet: Buffer) => void) => void

export interface RelayOptions {
  readonly relay?: Relay
  /** The CONNACK for the nth connection, from 0; a plain yes by default. */
  readonly connack?: (n: number) => Buffer
  /** Whether QoS 1 and 2 publishes are acknowledged, all or the nth; they are by default. */
  readonly acknowledges?: boolean | ((n: number) => boolean)
  /** Called with each SUBSCRIBE, with what sends to all subscribers. */
  readonly subscribed?: (forward: (packet: Buffer) => void) => void
  /** Called with what sends the SUBACK; by default it goes at once. */
  readonly suback?: (send: () => void) => void
  /** Called with the nth connection, from 0. */
  readonly connected?: (n: number, socket: Socket) => void
  /** Called with each packet as it came, whatever it is. */
  readonly packet?: (packet: CutPacket) => void
  /** Called with each CONNECT. */
  readonly connect?: (packet: Buffer, socket: Socket) => void
  /** Called after the nth PUBLISH, with the publisher's socket: to end it, say. */
  readonly after?: (n: number, socket: Socket) => void
}

/** Its flags lead to it over the transport of this run. */
export interface RelayBroker extends Reach {
  /** For TCP. */
  readonly port: number
  /** PUBLISH packets that came. */
  readonly published: number
  close(): void
}

const yes5 = Buffer.from('2003000000', 'hex')

/**
 * An MQTT 5 broker of the tests: every PUBLISH goes to every subscriber as the relay likes. It forwards at QoS 0 only,
 * byte for byte where it came at QoS 0.
 */
export async function startRelayBroker(options: RelayOptions = {}): Promise<RelayBroker> {
  const state = { published: 0, connections: 0, subscribers: new Set<Socket>(), sockets: new Set<Socket>() }
  const server = createServer((socket) => {
    const n = state.connections++
    const cutter = new FrameCutter()
    state.sockets.add(socket)
    options.connected?.(n, socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => {
      state.subscribers.delete(socket)
      state.sockets.delete(socket)
    })
    const forward = (packet: Buffer) => {
      for (const each of state.subscribers) each.write(packet)
    }
    const take = ({ type, bytes }: CutPacket) => {
      if (socket.writableEnded) return // an answer to what comes now would be an error, and reset what it said last
      options.packet?.({ type, bytes: Buffer.from(bytes) })
      if (type === 'connect') options.connect?.(bytes, socket)
      if (type === 'connect') answerConnect(socket, options.connack?.(n) ?? yes5)
      else if (type === 'subscribe') {
        state.subscribers.add(socket)
        const suback = Buffer.of(0x90, 4, bytes[2]!, bytes[3]!, 0, 0)
        ;(options.suback ?? ((send) => send()))(() => socket.write(suback))
        options.subscribed?.(forward)
      } else if (type === 'publish') {
        const index = state.published++
        const { acknowledges = true } = options
        if (acknowledges === true || (acknowledges !== false && acknowledges(index))) acknowledge(socket, bytes)
        ;(options.relay ?? relayAll)(index, atQos0(bytes), forward)
        options.after?.(index, socket)
      } else if (type === 'pubrel') socket.write(Buffer.of(0x70, 2, bytes[2]!, bytes[3]!))
      else if (type === 'pingreq') socket.write(Buffer.of(0xd0, 0))
      else if (type === 'disconnect') socket.end()
    }
    socket.on('data', (chunk) => {
      for (const packet of cutter.push(chunk)) take(packet)
    })
  })
  const port = await listen(server)
  const terminator = await startTerminator(port)
  return {
    ...terminator,
    port,
    get published() {
      return state.published
    },
    close: () => {
      terminator.close()
      server.close()
      for (const socket of state.sockets) socket.destroy()
    },
  }
}

const relayAll: Relay = (_, packet, forward) => forward(packet)

function answerConnect(socket: Socket, connack: Buffer): void {
  socket.write(connack)
  if ((connack[3] ?? 0) !== 0) socket.end()
}

/** Small packets only: one byte of remaining length. */
function acknowledge(socket: Socket, packet: Buffer): void {
  const qos = (packet[0]! >> 1) & 3
  if (qos === 0) return
  const at = 4 + packet.readUInt16BE(2)
  socket.write(Buffer.of(qos === 1 ? 0x40 : 0x50, 2, packet[at]!, packet[at + 1]!))
}

function atQos0(packet: Buffer): Buffer {
  if ((packet[0]! & 0x06) === 0) return Buffer.from(packet)
  const at = 4 + packet.readUInt16BE(2)
  return Buffer.concat([Buffer.of(0x30, packet[1]! - 2), packet.subarray(2, at), packet.subarray(at + 2)])
}
