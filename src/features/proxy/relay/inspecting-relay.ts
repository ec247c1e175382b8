import type { ConnectionCapture } from '../../../capture/pcapng/connection-capture.ts'
import type { TransportTimings } from '../../../connection/transport/transport.ts'
import { ConnectionWatch } from '../../../observation/connection-watch.ts'
import type { Sender } from '../../../protocol/wire/packet.ts'
import { type ConnectionEnd, ConnectionReporter } from '../connection-reporter.ts'
import type { ProxyContext } from '../proxy-context.ts'
import type { Flows, Relay } from './relay.ts'

/** Bytes pass as they come, and are decoded after that. Reading waits only while the output is behind. */
export class InspectingRelay implements Relay {
  readonly #flows: Flows
  readonly #proxy: ProxyContext
  readonly #reporter: ConnectionReporter
  readonly #watch: ConnectionWatch
  readonly #capture: ConnectionCapture | undefined

  constructor(connection: number, remote: string, timings: TransportTimings, flows: Flows, proxy: ProxyContext) {
    this.#flows = flows
    this.#proxy = proxy
    this.#reporter = new ConnectionReporter(connection, timings, proxy)
    this.#capture = proxy.capture?.open(remote, proxy.now())
    this.#watch = new ConnectionWatch(connection, proxy.registry, (record, packet) => {
      this.#capture?.packet(packet, packet.wire, packet.atMicroseconds)
      this.#reporter.packet(record, packet)
    })
  }

  pass(from: Sender, bytes: Buffer): void {
    this.#flows[from].send(bytes)
    const atMicroseconds = this.#proxy.now()
    if (this.#watch.isLost(from)) this.#capture?.unreadable(from, bytes, atMicroseconds)
    else this.#watch.push(from, bytes, atMicroseconds)
    this.#proxy.keepPace(this.#flows[from].throttle)
  }

  finished(from: Sender): void {
    this.#watch.finished(from, this.#proxy.now())
    this.#capture?.finished(from, this.#proxy.now())
    this.#flows[from].finish()
  }

  closed(end: ConnectionEnd): void {
    this.#watch.ended(this.#proxy.now())
    this.#capture?.closed(end.by, end.isAbrupt, this.#proxy.now())
    this.#reporter.closed(this.#watch.client, end)
  }
}
