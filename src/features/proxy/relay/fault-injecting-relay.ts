import type { ConnectionCapture } from '../../../capture/pcapng/connection-capture.ts'
import type { TransportTimings } from '../../../connection/transport/transport.ts'
import type { ClientRecord } from '../../../observation/client-registry.ts'
import { ConnectionWatch } from '../../../observation/connection-watch.ts'
import type { InspectedPacket } from '../../../observation/inspected-packet.ts'
import type { Sender } from '../../../protocol/wire/packet.ts'
import { type ConnectionEnd, ConnectionReporter } from '../connection-reporter.ts'
import { FaultPlan } from '../faults/fault-plan.ts'
import { type Outcome, outcomeOf } from '../faults/outcome.ts'
import type { ProxyContext } from '../proxy-context.ts'
import type { Flows, Relay } from './relay.ts'

/**
 * Packets pass one by one, each when it is whole and its faults are chosen. Bytes that cannot be cut into packets pass
 * as they are. A capture shows the client's side: what it sent, and what reached it.
 */
export class FaultInjectingRelay implements Relay {
  readonly #flows: Flows
  readonly #proxy: ProxyContext
  readonly #reporter: ConnectionReporter
  readonly #watch: ConnectionWatch
  readonly #plan: FaultPlan
  readonly #capture: ConnectionCapture | undefined
  readonly #close: (by: 'fin' | 'reset') => void
  #isClosing = false

  constructor(
    connection: number,
    remote: string,
    timings: TransportTimings,
    flows: Flows,
    proxy: ProxyContext,
    close: (by: 'fin' | 'reset') => void,
  ) {
    this.#flows = flows
    this.#proxy = proxy
    this.#close = close
    this.#reporter = new ConnectionReporter(connection, timings, proxy)
    this.#plan = new FaultPlan(proxy.settings.faults, proxy.settings.seed, connection, proxy.faults)
    this.#capture = proxy.capture?.open(remote, proxy.now())
    this.#watch = new ConnectionWatch(connection, proxy.registry, (record, packet) => this.#packet(record, packet))
  }

  pass(from: Sender, bytes: Buffer): void {
    if (this.#isClosing) return
    const atMicroseconds = this.#proxy.now()
    if (this.#watch.isLost(from)) this.#passUnreadable(from, bytes, atMicroseconds)
    else this.#watch.push(from, bytes, atMicroseconds)
    this.#proxy.keepPace(this.#flows[from].throttle)
  }

  finished(from: Sender): void {
    this.#watch.finished(from, this.#proxy.now())
    this.#flows[from].afterAll(() => this.#capture?.finished(from, this.#proxy.now()))
    this.#flows[from].finish()
  }

  closed(end: ConnectionEnd): void {
    this.#isClosing = true
    this.#watch.ended(this.#proxy.now())
    this.#capture?.closed(end.by, end.isAbrupt, this.#proxy.now())
    this.#reporter.closed(this.#watch.client, end)
  }

  #passUnreadable(from: Sender, bytes: Buffer, atMicroseconds: number): void {
    this.#flows[from].send(bytes)
    this.#capture?.unreadable(from, bytes, atMicroseconds)
  }

  #packet(record: ClientRecord, packet: InspectedPacket): void {
    if (packet.sender === 'client') this.#capture?.packet(packet, packet.wire, packet.atMicroseconds)
    this.#reporter.packet(record, packet)
    if (this.#isClosing) return
    const outcome = outcomeOf(packet, this.#plan.effectsOn(packet), this.#plan.random)
    if (outcome.forward.length === 0 && isAcknowledgement(packet)) record.reader.undelivered()
    for (const done of outcome.done) {
      this.#proxy.faults.done(done.effect)
      this.#reporter.fault(record.number, done)
    }
    this.#carryOut(packet, outcome)
  }

  #carryOut(packet: InspectedPacket, { forward, delayMs, answer, close }: Outcome): void {
    const flow = this.#flows[packet.sender]
    for (const bytes of forward) flow.sendLater(bytes, delayMs, this.#captureOfSent(packet, bytes))
    if (answer !== undefined) this.#answer(packet.sender, answer)
    if (close === undefined) return
    this.#isClosing = true
    flow.afterAll(() => this.#close(close))
  }

  #captureOfSent(packet: InspectedPacket, bytes: Buffer): (() => void) | undefined {
    if (packet.sender === 'client' || this.#capture === undefined) return undefined
    return () => this.#capture?.packet(packet, bytes, this.#proxy.now())
  }

  #answer(to: Sender, bytes: Buffer): void {
    this.#flows[to === 'client' ? 'server' : 'client'].send(bytes)
    if (to === 'client') this.#capture?.own(bytes, this.#proxy.now())
  }
}

/** Its receiver does not get it and acts on that: what follows must not count as a violation. */
function isAcknowledgement({ packet }: InspectedPacket): boolean {
  return packet !== undefined && ['puback', 'pubrec', 'pubrel', 'pubcomp'].includes(packet.type)
}
