import { connect as connectTcp, type Socket } from 'node:net'
import { acknowledgement, connect, pingreq, publish, subscribe, text } from './packets.ts'

export interface Ports {
  readonly mqtt: number
  readonly webSocket: number
}

/** What a hostile client does again and again; it ends its round when it is closed, or done. */
export type Attack = (ports: Ports, round: number) => Promise<void>

const chunk64 = Buffer.alloc(64 * 1024)
const megabyte = Buffer.alloc(1024 * 1024)

/** Everything at once that a client can have the broker hold, and does not read, or does not end. */
export const attacks: Readonly<Record<string, Attack>> = {
  'pings, unread': unread(repeated(pingreq)),
  'releases, unread': unread(repeated(acknowledgement(0x62, 7))),
  'receipts, unread': unread(repeated(acknowledgement(0x50, 7))),
  'acknowledged messages, unread': unread(repeated(publish('mine', Buffer.alloc(1), { qos: 1 }))),
  'own messages, unread': unread(subscribe(['mine/#']), repeated(publish('mine/a', chunk64))),
  'own small messages, unread': unread(subscribe(['mine/#']), repeated(publish('mine/b', Buffer.alloc(1)))),
  'everything of everybody, unread': unread(subscribe(['#', '$SYS/#'], 2)),

  'an offline queue of large messages': async ({ mqtt }, round) => {
    const name = `away-${process.pid}-${round % 20}`
    const away = await opened(mqtt, connect(name, { version: 4, clean: false }), subscribe([name], 1, 4))
    await answered(away)
    away.destroy()
    const publisher = await opened(mqtt, connect('', { version: 4 }))
    for (let packetId = 1; packetId <= 40; packetId++) {
      await written(publisher, publish(name, megabyte, { qos: 1, packetId, version: 4 }))
    }
    publisher.destroy()
  },

  'retained messages': async ({ mqtt }, round) => {
    const client = await opened(mqtt, connect(''))
    for (let count = 0; count < 1000 && !client.destroyed; count++) {
      const topic = `kept/${process.pid}/${round}/${count}/${'x'.repeat(count % 50)}`
      await written(client, publish(topic, count % 2 ? chunk64 : Buffer.alloc(1), { retain: true }))
    }
    client.destroy()
  },

  'filters that match nothing': async ({ mqtt }, round) => {
    const client = await opened(mqtt, connect(''))
    for (let part = 0; part < 100 && !client.destroyed; part++) {
      const filters = Array.from({ length: 1000 }, (_, index) => `no/${round}/${part}/${index}/+/#`)
      await written(client, subscribe(filters))
    }
    client.destroy()
  },

  /** Each level of the topic by its name or by +: 2^17 filters for one topic, the one that the innocent uses. */
  'filters that all match one topic': async ({ mqtt }) => {
    const client = await opened(mqtt, connect(''))
    const levels = 'innocent/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p'.split('/')
    for (let part = 0; part < 140 && !client.destroyed; part++) {
      const filters = Array.from({ length: 1000 }, (_, index) =>
        levels.map((level, at) => (((part * 1000 + index) >> at) & 1 ? '+' : level)).join('/'),
      )
      await written(client, subscribe(filters))
    }
    client.destroy()
  },

  'sessions that never end': async ({ mqtt }, round) => {
    for (let count = 0; count < 200; count++) {
      const name = `for-ever-${process.pid}-${round}-${count}-${'x'.repeat(1000)}`
      const client = await opened(mqtt, connect(name, { version: 4, clean: false }), subscribe(['kept/for/me'], 1, 4))
      await answered(client)
      client.destroy()
    }
  },

  wills: async ({ mqtt }) => {
    const will = Buffer.alloc(60_000)
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => opened(mqtt, connect('', { version: 4, will }))),
    )
    await pause(500)
    for (const client of clients) client.destroy()
  },

  'messages that are never released': async ({ mqtt }) => {
    const client = await opened(mqtt, connect('', { version: 4 }))
    client.resume()
    for (let packetId = 1; packetId <= 65_535 && !client.destroyed; packetId++) {
      await written(client, publish('mine', Buffer.alloc(1), { qos: 2, packetId, version: 4 }))
    }
    await pause(500)
    client.destroy()
  },

  'packets without an end': async ({ mqtt }) => {
    const begun = publish('mine', Buffer.alloc(7 * 1024 * 1024)).subarray(0, -1)
    const clients = await Promise.all(Array.from({ length: 40 }, () => opened(mqtt, connect(''))))
    await Promise.all(clients.map((client) => written(client, begun)))
    await pause(500)
    for (const client of clients) client.destroy()
  },

  'searches through all that is retained': async ({ mqtt }) => {
    const client = await opened(mqtt, connect(''))
    client.resume()
    const searches = subscribe(Array.from({ length: 500 }, (_, index) => `+/+/+/+/+/nothing-${index}`))
    for (let count = 0; count < 20 && !client.destroyed; count++) await written(client, searches)
    await pause(500)
    client.destroy()
  },

  'strangers with half a CONNECT': async ({ mqtt, webSocket }) => {
    const huge = Buffer.concat([Buffer.of(0x10, 0xff, 0xff, 0x3f), text('MQTT'), chunk64])
    const clients = await Promise.all(Array.from({ length: 50 }, () => opened(mqtt, huge)))
    const pages = await Promise.all(
      Array.from({ length: 50 }, () => opened(webSocket, Buffer.from('GET / HTTP/1.1\r\n'))),
    )
    await pause(500)
    for (const client of [...clients, ...pages]) client.destroy()
  },

  'a WebSocket of pings': async ({ webSocket }) => {
    const client = await upgraded(webSocket)
    const ping = Buffer.concat([Buffer.of(0x89, 0x80 | 125, 0, 0, 0, 0), Buffer.alloc(125)])
    await written(client, repeated(ping))
    client.destroy()
  },

  'WebSocket messages without an end': async ({ webSocket }) => {
    const clients = await Promise.all(Array.from({ length: 40 }, () => upgraded(webSocket)))
    const begin = Buffer.concat([
      Buffer.of(0x82, 0x80 | 127, 0, 0, 0, 0, 0, 0x6f, 0, 0, 0, 0, 0, 0),
      Buffer.alloc(7_000_000),
    ])
    const hello = connect('')
    const masked = Buffer.concat([Buffer.of(0x82, 0x80 | hello.length, 0, 0, 0, 0), hello])
    await Promise.all(clients.map((client) => written(client, Buffer.concat([masked, begin]))))
    await pause(500)
    for (const client of clients) client.destroy()
  },
}

/** 16 MB of the same packet. */
function repeated(packet: Buffer): Buffer {
  return Buffer.concat(Array(Math.ceil((16 * 1024 * 1024) / packet.length)).fill(packet))
}

/** Connects, sends, and never reads. Stays until it is closed, or for a while. */
function unread(...packets: readonly Buffer[]): Attack {
  return async ({ mqtt }) => {
    const client = await opened(mqtt, connect(''))
    for (const packet of packets) await Promise.race([written(client, packet), pause(4000)])
    await pause(1000)
    client.destroy()
  }
}

async function opened(port: number, ...packets: readonly Buffer[]): Promise<Socket> {
  const socket = connectTcp({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), gone(socket)])
  for (const packet of packets) await written(socket, packet)
  return socket
}

async function upgraded(port: number): Promise<Socket> {
  const headers = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
  ]
  const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers.join('\r\n')}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
  const socket = await opened(port, Buffer.from(request))
  await answered(socket)
  return socket
}

/** All of it is in the kernel, or nobody is there any more. */
async function written(socket: Socket, bytes: Buffer): Promise<void> {
  await Promise.race([new Promise<void>((resolve) => socket.write(bytes, () => resolve())), gone(socket)])
}

async function answered(socket: Socket): Promise<void> {
  await Promise.race([new Promise((resolve) => socket.once('data', resolve)), gone(socket)])
  socket.pause()
}

const ends = new WeakMap<Socket, Promise<void>>()

function gone(socket: Socket): Promise<void> {
  const known = ends.get(socket)
  if (known !== undefined) return known
  const end = new Promise<void>((resolve) => {
    if (socket.destroyed) resolve()
    else socket.once('close', () => resolve())
  })
  ends.set(socket, end)
  return end
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
