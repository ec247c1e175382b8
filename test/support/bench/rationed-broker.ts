import { createServer, type Socket } from 'node:net'
import { listen } from '../network/free-port.ts'
import { type CutPacket, FrameCutter } from '../packets/frame-cutter.ts'
import type { Reach } from '../transports/reach.ts'
import { startTerminator } from '../transports/terminator.ts'

/** What a broker of the tests does with a message that was due at this time, microseconds since the epoch. */
export interface Ration {
  /** Microseconds until it is forwarded; undefined: never. */
  readonly forward: (dueMicroseconds: number) => number | undefined
  /** Whoever is more is refused. */
  readonly mostClients?: number
}

/** Forwards so many a second, and drops what is more. */
export function dropping(perSecond: number): Ration {
  const each = 1e6 / perSecond
  let freeAt = 0
  return {
    forward: (due) => {
      if (due < freeAt - 1) return undefined // a microsecond for rounding
      freeAt = Math.max(due, freeAt) + each
      return 0
    },
  }
}

/**
 * Serves so many a second, one after the other, and keeps what is more: after a load that was too much it goes on for
 * seconds, and what comes meanwhile waits behind it. What waits costs it three times as much, and comes up to a second later
 * still, so that no pause of the machine looks like it.
 */
export function queueing(perSecond: number): Ration {
  const each = 1e6 / perSecond
  let freeAt = 0
  return {
    forward: (due) => {
      const wait = Math.max(0, freeAt - due)
      const isWaiting = wait >= each
      freeAt = Math.max(due, freeAt) + (isWaiting ? 3 * each : each)
      return isWaiting ? wait + Math.min(1e6, 40 * wait) : 0
    },
  }
}

/** What is good for nothing drops everything. */
export const forwardsNothing: Ration = { forward: () => undefined }

export function admitting(mostClients: number): Ration {
  return { forward: () => 0, mostClients }
}

export interface RationedBroker extends Reach {
  close(): void
}

/**
 * An MQTT 5 broker of the tests with a capacity by the clock of its publisher: it goes by when a message was due, which is
 * in its first bytes, so that a busy machine makes it neither faster nor slower. QoS 0, to all that subscribe.
 */
export async function startRationedBroker({
  forward,
  mostClients = Number.POSITIVE_INFINITY,
}: Ration): Promise<RationedBroker> {
  const subscribers = new Set<Socket>()
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  const send = (bytes: Buffer) => {
    for (const socket of subscribers) socket.write(bytes)
  }
  const publish = (bytes: Buffer) => {
    const waitMicroseconds = forward(dueOf(bytes))
    if (waitMicroseconds === 0) send(bytes)
    else if (waitMicroseconds !== undefined) {
      const kept = Buffer.from(bytes)
      const timer = setTimeout(() => {
        timers.delete(timer)
        send(kept)
      }, waitMicroseconds / 1000)
      timers.add(timer)
    }
  }
  const serve = (socket: Socket, { type, bytes }: CutPacket) => {
    if (type === 'connect') socket.write(Buffer.from(sockets.size > mostClients ? quotaExceeded : accepted, 'hex'))
    else if (type === 'subscribe') {
      subscribers.add(socket)
      socket.write(Buffer.of(0x90, 4, bytes[2]!, bytes[3]!, 0, 0))
    } else if (type === 'publish') publish(bytes)
    else if (type === 'pingreq') socket.write(Buffer.of(0xd0, 0))
    else if (type === 'disconnect') socket.end()
  }
  const server = createServer((socket) => {
    const cutter = new FrameCutter()
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      subscribers.delete(socket)
    })
    socket.on('data', (chunk) => {
      for (const packet of cutter.push(chunk)) serve(socket, packet)
    })
  })
  const terminator = await startTerminator(await listen(server))
  return {
    ...terminator,
    close: () => {
      terminator.close()
      server.close()
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

const accepted = '2003000000'
const quotaExceeded = '2003009700'

/** Small packets only, one byte of remaining length; behind topic and an empty property length the payload has it at 14, six bytes. */
function dueOf(bytes: Buffer): number {
  const payloadAt = 4 + bytes.readUInt16BE(2) + 1
  return bytes.readUIntBE(payloadAt + 14, 6)
}
