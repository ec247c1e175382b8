import { monotonicMs } from '../../connection/clock.ts'
import { openTransport } from '../../connection/transport/open-transport.ts'
import type { Transport, TransportOpened, TransportTimings } from '../../connection/transport/transport.ts'
import { MqttCliError } from '../../errors.ts'
import type { Sender } from '../../protocol/wire/packet.ts'
import type { ProxyContext } from './proxy-context.ts'
import { FaultInjectingRelay } from './relay/fault-injecting-relay.ts'
import { Flow } from './relay/flow.ts'
import { InspectingRelay } from './relay/inspecting-relay.ts'
import { PassthroughRelay } from './relay/passthrough-relay.ts'
import type { Flows, Relay } from './relay/relay.ts'

/** How long one side may stay open when the other is gone, milliseconds: time to read what was sent to it last. */
const lingerMs = 30_000
/** How long both sides may take to close when the proxy stops, milliseconds. */
const leaveMs = 1000

/** For the bulk reader: nothing that was read waits to be written. */
const owesNothing = { isOwing: false }

const sides = ['client', 'server'] as const

/** A client, its way to the broker, and what passes between them. */
export class ProxiedConnection {
  readonly number: number
  readonly remote: string
  readonly #proxy: ProxyContext
  readonly #transports: { client: Transport; server?: Transport }
  readonly #opening = new AbortController()
  readonly #open = new Set<Sender>(['client'])
  #flows: Flows | undefined
  #relay: Relay | undefined
  #closedBy: Sender | 'proxy' | undefined
  #isAbrupt = false
  #onClosed: () => void = () => {}
  readonly closed = new Promise<void>((resolve) => {
    this.#onClosed = resolve
  })

  constructor(number: number, client: Transport, proxy: ProxyContext) {
    this.number = number
    this.remote = client.description
    this.#proxy = proxy
    this.#transports = { client }
    client.onClose = (cause) => this.#sideClosed('client', cause)
  }

  /** Reaches the broker and lets bytes pass. When it cannot be reached, the client's connection is closed. */
  async start(): Promise<void> {
    const beganMicroseconds = this.#proxy.now()
    try {
      const { transport, timings } = await this.#reachBroker()
      this.#tellOpened(transport.description, this.#proxy.now() - beganMicroseconds)
      this.#connect(transport, timings)
    } catch (error) {
      if (!(error instanceof MqttCliError)) throw error
      if (this.#closedBy === undefined) this.#tellUnreachable(error)
      this.#closedBy ??= 'proxy'
      this.#transports.client.end()
    }
  }

  /** FIN to both, and `leaveMs` for what was sent before it. */
  leave(): void {
    this.close('fin')
    setTimeout(() => this.#eachTransport((transport) => transport.destroy()), leaveMs).unref()
  }

  close(by: 'fin' | 'reset'): void {
    this.#closedBy ??= 'proxy'
    this.#isAbrupt ||= by === 'reset'
    this.#opening.abort(new MqttCliError('lost', 'the proxy closed the connection'))
    for (const side of sides) this.#flows?.[side].stop()
    this.#eachTransport((transport) => (by === 'reset' ? transport.reset() : transport.end()))
  }

  #reachBroker(): Promise<TransportOpened> {
    const { upstream, connectDeadlineMs } = this.#proxy.settings
    const timer = setTimeout(() => this.#opening.abort(tooSlow(connectDeadlineMs)), connectDeadlineMs)
    const opened = openTransport(upstream, this.#opening.signal, this.#proxy.readBuffer)
    return opened.finally(() => clearTimeout(timer))
  }

  #tellOpened(upstream: string, elapsedMicroseconds: number): void {
    const { number: connection, remote } = this
    const atMicroseconds = Math.round(this.#proxy.now())
    const elapsed = Math.round(elapsedMicroseconds)
    this.#proxy.tell({ event: 'opened', connection, remote, upstream, elapsedMicroseconds: elapsed, atMicroseconds })
  }

  #tellUnreachable(error: MqttCliError): void {
    const { number: connection, remote } = this
    const atMicroseconds = Math.round(this.#proxy.now())
    this.#proxy.tell({ event: 'unreachable', connection, remote, error, atMicroseconds })
  }

  #connect(server: Transport, timings: TransportTimings): void {
    const { client } = this.#transports
    this.#transports.server = server
    this.#open.add('server')
    server.onClose = (cause) => this.#sideClosed('server', cause)
    const flows = { client: new Flow(client, server), server: new Flow(server, client) }
    this.#flows = flows
    const relay = this.#relayFor(flows, timings)
    this.#relay = relay
    for (const side of sides) this.#listen(side, flows[side], relay)
    if (!this.#open.has('client')) this.#sideClosed('client', undefined) // it left before the broker was reached
  }

  #relayFor(flows: Flows, timings: TransportTimings): Relay {
    const { settings } = this.#proxy
    if (settings.isBlind) return new PassthroughRelay(flows)
    if (settings.faults.length === 0) return new InspectingRelay(this.number, this.remote, timings, flows, this.#proxy)
    const close = (by: 'fin' | 'reset') => this.close(by)
    return new FaultInjectingRelay(this.number, this.remote, timings, flows, this.#proxy, close)
  }

  #listen(side: Sender, flow: Flow, relay: Relay): void {
    const transport = this.#transports[side]
    if (transport === undefined) return
    transport.onEnd = () => relay.finished(side)
    transport.onBytes = (bytes) => {
      flow.receivedBytes += bytes.length
      relay.pass(side, Buffer.from(bytes)) // the transport reads into the same buffer again
      if (this.#proxy.settings.isBlind) this.#proxy.bulkReader.afterRead(owesNothing, bytes.length, monotonicMs())
    }
  }

  #sideClosed(side: Sender, cause: MqttCliError | undefined): void {
    const other = side === 'client' ? 'server' : 'client'
    this.#open.delete(side)
    this.#isAbrupt ||= cause !== undefined && this.#closedBy === undefined
    this.#closedBy ??= side
    this.#flows?.[other].stop()
    if (this.#flows === undefined) this.#closedEarly()
    else if (this.#open.has(other)) this.#letGo(other, side, cause)
    else this.#bothClosed()
  }

  /** The client left before the broker was reached, or after it could not be. */
  #closedEarly(): void {
    this.#opening.abort(new MqttCliError('lost', 'the client left before the broker was reached'))
    this.#onClosed()
  }

  /** One side is gone: the other gets what is on its way to it, and then the same end. */
  #letGo(side: Sender, gone: Sender, cause: MqttCliError | undefined): void {
    const transport = this.#transports[side]
    if (cause?.details.facts?.code === 'ECONNRESET') {
      transport?.reset()
      return
    }
    this.#flows?.[gone].finish()
    setTimeout(() => transport?.destroy(), lingerMs).unref()
  }

  #bothClosed(): void {
    for (const side of sides) this.#flows?.[side].stop()
    const bytes = { client: this.#flows?.client.receivedBytes ?? 0, server: this.#flows?.server.receivedBytes ?? 0 }
    this.#relay?.closed({ by: this.#closedBy ?? 'proxy', isAbrupt: this.#isAbrupt, bytes })
    this.#onClosed()
  }

  #eachTransport(act: (transport: Transport) => void): void {
    const { client, server } = this.#transports
    act(client)
    if (server !== undefined) act(server)
  }
}

function tooSlow(deadlineMs: number): MqttCliError {
  return new MqttCliError('unreachable', `the broker was not reached within ${deadlineMs / 1000} s`, {
    layer: 'TCP',
    causes: ['a firewall swallows the packets', 'the machine is down'],
    tries: [{ try: 'check-target' }, { try: 'longer-connect-timeout' }],
  })
}
