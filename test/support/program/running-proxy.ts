import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { TransportSettings } from '../../../src/connection/transport/transport.ts'
import type { ProxyEvent } from '../../../src/features/proxy/events.ts'
import { type ProxyOutput, type ProxyRequest, runProxy } from '../../../src/features/proxy/run-proxy.ts'
import type { ProxySettings } from '../../../src/features/proxy/settings.ts'
import type { InspectedPacket } from '../../../src/observation/inspected-packet.ts'
import { listen } from '../network/free-port.ts'
import { transportSettings } from '../transports/transport-harness.ts'
import { Changing, withPatience } from './patience.ts'

export interface RunningProxy {
  readonly port: number
  readonly events: readonly ProxyEvent[]
  /** The nth event of this name, from 1. */
  when<Name extends ProxyEvent['event']>(name: Name, nth?: number): Promise<Extract<ProxyEvent, { event: Name }>>
  /** Every packet that was told so far. */
  packets(): readonly InspectedPacket[]
  /** Stops it, waits for the end, and gives everything that it told. */
  stop(): Promise<readonly ProxyEvent[]>
}

const everything = { types: [], senders: [], topics: [], packetIds: [], clientIds: [] }

/** Whether what is told is taken. */
export type Pace = Pick<ProxyOutput, 'isBehind' | 'onceCaughtUp'>

/** A proxy in this process, on a free loopback port. */
export async function startProxy(
  upstream: number | TransportSettings,
  changes: Partial<ProxySettings> = {},
  { pace, ...context }: Partial<ProxyRequest> & { readonly pace?: Pace } = {},
): Promise<RunningProxy> {
  const events: ProxyEvent[] = []
  const changing = new Changing()
  const stop = new AbortController()
  const tell = (event: ProxyEvent) => {
    events.push(event)
    changing.changed()
  }
  const toTcp = (port: number) => transportSettings({ transport: 'tcp', host: '127.0.0.1', port })
  const settings: ProxySettings = {
    listeners: [{ host: '127.0.0.1', port: 0, isWebSocket: false }],
    upstream: typeof upstream === 'number' ? toTcp(upstream) : upstream,
    connectDeadlineMs: 10_000,
    faults: [],
    seed: 1,
    filter: everything,
    isBlind: false,
    givesSummary: true,
    gathersExchanges: false,
    ...changes,
  }
  const output = {
    tell,
    get isBehind() {
      return pace?.isBehind ?? false
    },
    onceCaughtUp: (resume: () => void) => pace?.onceCaughtUp(resume),
  }
  const running = runProxy({ settings, output, signal: stop.signal, ...context })
  const when = (name: string, nth = 1) =>
    changing.when(
      () => events.filter(({ event }) => event === name)[nth - 1],
      () => `${name} number ${nth}; came: ${events.map(({ event }) => event).join(' ')}`,
    )
  const listening = (await Promise.race([when('listening'), running])) as { url: string }
  return {
    port: Number(new URL(listening.url.replace(/^\w+:/, 'http:')).port),
    events,
    when: when as RunningProxy['when'],
    packets: () =>
      events.flatMap((event) =>
        event.event === 'finding' && event.finding.finding === 'packet' ? [event.finding.packet] : [],
      ),
    stop: async () => {
      stop.abort(new Error('stopped by the test'))
      await withPatience(running, 'the end of the proxy')
      return events
    },
  }
}

/** One end of a TCP connection, which says what came, and does not end because the other one has. */
export class TcpEnd {
  readonly socket: Socket
  readonly #changing = new Changing()
  readonly #chunks: Buffer[] = []
  #receivedBytes = 0
  hasFin = false
  isClosed = false
  errorCode: string | undefined

  constructor(socket: Socket) {
    this.socket = socket
    const changed = (change: () => void) => () => {
      change()
      this.#changing.changed()
    }
    socket.on('data', (bytes) => changed(() => this.#keep(bytes))())
    socket.on(
      'end',
      changed(() => (this.hasFin = true)),
    )
    socket.on('error', (error: NodeJS.ErrnoException) => changed(() => (this.errorCode = error.code))())
    socket.on(
      'close',
      changed(() => (this.isClosed = true)),
    )
  }

  static async connect(port: number): Promise<TcpEnd> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    await once(socket, 'connect')
    return new TcpEnd(socket)
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** So many bytes, as soon as they are there. */
  async bytes(count: number): Promise<Buffer> {
    await this.until((end) => end.receivedBytes >= count, `${count} bytes`)
    return this.received
  }

  until(holds: (end: TcpEnd) => boolean, what: string): Promise<unknown> {
    return this.#changing.when(
      () => (holds(this) ? true : undefined),
      () => `${what}; came: ${this.#receivedBytes} bytes`,
    )
  }

  send(hex: string): void {
    this.socket.write(Buffer.from(hex.replace(/\s/g, ''), 'hex'))
  }

  #keep(bytes: Buffer): void {
    this.#chunks.push(bytes)
    this.#receivedBytes += bytes.length
  }
}

/** A server that does nothing by itself. */
export class TcpEnds {
  readonly port: number
  readonly #server: Server
  readonly #ends: TcpEnd[] = []
  readonly #changing = new Changing()

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
    server.on('connection', (socket: Socket) => {
      this.#ends.push(new TcpEnd(socket))
      this.#changing.changed()
    })
  }

  static async listen(): Promise<TcpEnds> {
    const server = createServer({ allowHalfOpen: true })
    return new TcpEnds(server, await listen(server))
  }

  /** The nth that came, from 1. */
  accepted(nth = 1): Promise<TcpEnd> {
    return this.#changing.when(() => this.#ends[nth - 1], `connection ${nth}`)
  }

  close(): void {
    this.#server.close()
    for (const { socket } of this.#ends) socket.destroy()
  }
}

/** A client, the server that it reaches through a proxy, and the proxy. */
export async function throughProxy(
  changes: Partial<ProxySettings> = {},
  context: Parameters<typeof startProxy>[2] = {},
) {
  const ends = await TcpEnds.listen()
  const proxy = await startProxy(ends.port, changes, context)
  const client = await TcpEnd.connect(proxy.port)
  const server = await ends.accepted()
  const stop = async () => {
    client.socket.destroy()
    const events = await proxy.stop()
    ends.close()
    return events
  }
  return { proxy, client, server, ends, stop }
}
