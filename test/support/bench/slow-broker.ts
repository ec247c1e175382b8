import { createServer, type Socket } from 'node:net'
import { listen } from '../network/free-port.ts'
import { type CutPacket, FrameCutter } from '../packets/frame-cutter.ts'
import type { Reach } from '../transports/reach.ts'
import { startTerminator } from '../transports/terminator.ts'

/** What it does no more, once so many PUBLISH have come. */
export type Strike = 'read' | 'acknowledge' | 'anything' | 'subscribe'

export interface SlowBrokerOptions {
  /** PUBLISH packets that it takes per second, over all connections; as many as come by default. */
  readonly perSecond?: number
  readonly strike?: { readonly afterPublishes: number; readonly refuses: Strike }
}

/** Its flags lead to it over the transport of this run. */
export interface SlowBroker extends Reach {
  /** For TCP. */
  readonly port: number
  /** PUBLISH packets that it took. */
  readonly taken: number
  close(): void
}

const turnMs = 5
/** What it did not take while its machine did something else is not made up for: it would be faster than it says. */
const longestTurnMs = 4 * turnMs
/** It reads no more than so much ahead of what it takes: what lies before that is the kernel's. */
const mostUnreadBytes = 64 * 1024

/** An MQTT 5 broker of the tests that is slower than its clients, or stops in the middle. It forwards at QoS 0, to all that subscribe. */
export async function startSlowBroker(options: SlowBrokerOptions = {}): Promise<SlowBroker> {
  const clients = new Set<Client>()
  const state: State = {
    clients,
    taken: 0,
    hasStruck: () => state.taken >= (options.strike?.afterPublishes ?? Infinity),
  }
  const server = createServer((socket) => new Client(socket, state, options))
  const port = await listen(server)
  const terminator = await startTerminator(port)
  const { perSecond = Number.POSITIVE_INFINITY } = options
  let tookUntilMs = performance.now()
  const turns = setInterval(() => {
    const now = performance.now()
    let left =
      perSecond === Number.POSITIVE_INFINITY
        ? Number.MAX_SAFE_INTEGER
        : Math.floor((Math.min(now - tookUntilMs, longestTurnMs) * perSecond) / 1000)
    if (left < 1) return
    tookUntilMs = now
    for (const client of clients) left -= client.take(left)
  }, turnMs)
  return {
    ...terminator,
    port,
    get taken() {
      return state.taken
    },
    close: () => {
      terminator.close()
      clearInterval(turns)
      server.close()
      for (const client of clients) client.socket.destroy()
    },
  }
}

interface State {
  readonly clients: Set<Client>
  taken: number
  hasStruck(): boolean
}

class Client {
  readonly socket: Socket
  isSubscribed = false
  readonly #state: State
  readonly #options: SlowBrokerOptions
  readonly #cutter = new FrameCutter()
  #unread: CutPacket[] = []
  #unreadBytes = 0

  constructor(socket: Socket, state: State, options: SlowBrokerOptions) {
    this.socket = socket
    this.#state = state
    this.#options = options
    state.clients.add(this)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => state.clients.delete(this))
    socket.on('data', (chunk) => this.#received(chunk))
  }

  /** Serves what came, in its order, and says how many PUBLISH of at most so many that were. */
  take(most: number): number {
    let count = 0
    let at = 0
    while (at < this.#unread.length && count < most && !this.#isStriking('anything') && !this.#isStriking('read')) {
      const packet = this.#unread[at++]!
      this.#unreadBytes -= packet.bytes.length
      if (packet.type === 'publish') count++
      this.#serve(packet)
    }
    this.#unread = this.#unread.slice(at)
    if (this.#unreadBytes < mostUnreadBytes) this.socket.resume()
    return count
  }

  #isStriking(from: Strike): boolean {
    return this.#options.strike?.refuses === from && this.#state.hasStruck()
  }

  #received(chunk: Buffer): void {
    for (const packet of this.#cutter.push(chunk)) {
      this.#unread.push({ ...packet, bytes: Buffer.from(packet.bytes) })
      this.#unreadBytes += packet.bytes.length
    }
    if (this.#unreadBytes >= mostUnreadBytes || this.#isStriking('read')) this.socket.pause()
    this.#serveUpToPublish()
  }

  /** What is no PUBLISH costs it nothing, and waits only behind one. */
  #serveUpToPublish(): void {
    while (this.#unread.length > 0 && this.#unread[0]?.type !== 'publish' && !this.#isStriking('anything')) {
      const packet = this.#unread.shift()!
      this.#unreadBytes -= packet.bytes.length
      this.#serve(packet)
    }
  }

  #serve({ type, bytes }: CutPacket): void {
    if (type === 'connect') this.socket.write(Buffer.from('2003000000', 'hex'))
    else if (type === 'subscribe' && !this.#isStriking('subscribe')) this.#subscribe(bytes)
    else if (type === 'publish') this.#publish(bytes)
    else if (type === 'pingreq') this.socket.write(Buffer.of(0xd0, 0))
    else if (type === 'disconnect') this.socket.end()
  }

  #subscribe(bytes: Buffer): void {
    this.isSubscribed = true
    this.socket.write(Buffer.of(0x90, 4, bytes[2]!, bytes[3]!, 0, 0))
  }

  /** Small packets only: one byte of remaining length. */
  #publish(bytes: Buffer): void {
    this.#state.taken++
    const at = 4 + bytes.readUInt16BE(2)
    const isConfirmed = (bytes[0]! & 0x06) !== 0
    if (isConfirmed && !this.#isStriking('acknowledge'))
      this.socket.write(Buffer.of(0x40, 2, bytes[at]!, bytes[at + 1]!))
    const packet = isConfirmed
      ? Buffer.concat([Buffer.of(0x30, bytes[1]! - 2), bytes.subarray(2, at), bytes.subarray(at + 2)])
      : bytes
    for (const client of this.#state.clients) if (client.isSubscribed) client.socket.write(packet)
  }
}
