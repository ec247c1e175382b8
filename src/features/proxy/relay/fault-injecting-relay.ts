import type { ConnectionCapture } from '../../../capture/pcapng/connection-capture.ts'
import type { TransportTimings } from '../../../connection/transport/transport.ts'
import type { InspectedPacket } from '../../../observation/inspected-packet.ts'
import type { Sender } from '../../../protocol/wire/packet.ts'
import type { ClientRecord } from '../client-registry.ts'
import { ConnectionAccount, type ConnectionEnd } from '../connection-reporter.ts'
import { ConnectionWatch } from '../connection-watch.ts'
import { FaultPlan } from '../faults/fault-plan.ts'
import { type Outcome, outcomeOf } from '../faults/outcome.ts'
import type { ProxyHouse } from '../proxy-context.ts'
import type { Flows, Passage } from './relay.ts'

/**
 * Packets pass one by one, each when it is whole and its fate known. What cannot be cut into packets passes as it is: no
 * fault befalls it. A capture has the client's side: what it sent, and what became of what was sent to it.
 */
export class FaultyPassage implements Passage {
  readonly #flows: Flows
  readonly #house: ProxyHouse
  readonly #account: ConnectionAccount
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
    house: ProxyHouse,
    close: (by: 'fin' | 'reset') => void,
  ) {
    this.#flows = flows
    this.#house = house
    this.#close = close
    this.#account = new ConnectionAccount(connection, timings, house)
    this.#plan = new FaultPlan(house.settings.faults, house.settings.seed, connection, house.faults)
    this.#capture = house.capture?.open(remote, house.now())
    this.#watch = new ConnectionWatch(connection, house.book, (record, packet) => this.#packet(record, packet))
  }

  pass(from: Sender, bytes: Buffer): void {
    if (this.#isClosing) return
    const atMicroseconds = this.#house.now()
    if (this.#watch.isLost(from)) this.#passUnreadable(from, bytes, atMicroseconds)
    else this.#watch.push(from, bytes, atMicroseconds)
    this.#house.keepPace(this.#flows[from].brake)
  }

  finished(from: Sender): void {
    this.#watch.finished(from, this.#house.now())
    this.#flows[from].afterAll(() => this.#capture?.finished(from, this.#house.now()))
    this.#flows[from].finish()
  }

  closed(end: ConnectionEnd): void {
    this.#isClosing = true
    this.#watch.ended(this.#house.now())
    this.#capture?.closed(end.by, end.isAbrupt, this.#house.now())
    this.#account.closed(this.#watch.client, end)
  }

  #passUnreadable(from: Sender, bytes: Buffer, atMicroseconds: number): void {
    this.#flows[from].send(bytes)
    this.#capture?.unreadable(from, bytes, atMicroseconds)
  }

  #packet(record: ClientRecord, packet: InspectedPacket): void {
    if (packet.sender === 'client') this.#capture?.packet(packet, packet.wire, packet.atMicroseconds)
    this.#account.packet(record, packet)
    if (this.#isClosing) return
    const outcome = outcomeOf(packet, this.#plan.effectsOn(packet), this.#plan.random)
    if (outcome.forward.length === 0 && isAcknowledgement(packet)) record.reader.undelivered()
    for (const done of outcome.done) {
      this.#house.faults.done(done.effect)
      this.#account.fault(record.number, done)
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
    return () => this.#capture?.packet(packet, bytes, this.#house.now())
  }

  #answer(to: Sender, bytes: Buffer): void {
    this.#flows[to === 'client' ? 'server' : 'client'].send(bytes)
    if (to === 'client') this.#capture?.own(bytes, this.#house.now())
  }
}

/** Whoever waits for it does not have it, and acts accordingly: that must not be held against it. */
function isAcknowledgement({ packet }: InspectedPacket): boolean {
  return packet !== undefined && ['puback', 'pubrec', 'pubrel', 'pubcomp'].includes(packet.type)
}
